/** Rented disk that outlives instances. */
export interface Volume {
  readonly id: number
  readonly machineId: number
  readonly accountId: number
  readonly sizeGb: number
  readonly hostUsdPerGbMonth: number
  readonly startMs: number
  readonly endMs: number | undefined
  readonly label: string | undefined
}
