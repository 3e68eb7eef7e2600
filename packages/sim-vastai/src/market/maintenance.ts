export type MaintenanceCategory = 'power' | 'internet' | 'disk' | 'gpu' | 'software' | 'other' | 'not provided'

/** An announced outage: contracts pause while it lasts, reliability does not fall. */
export interface Maintenance {
  readonly id: number
  readonly startMs: number
  readonly durationMs: number
  readonly category: MaintenanceCategory
}
