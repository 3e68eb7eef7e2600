/** A kind of event that a webhook can subscribe to. */
export interface EventType {
  readonly key: `${'client' | 'host'}:${string}`
  readonly displayName: string
  readonly topic: string
}

/** Events that happen in this market. The real service has more (billing, teams, disk warnings). */
export const eventTypes: readonly EventType[] = [
  { key: 'client:low_credit', displayName: 'Low balance notifications', topic: 'billing' },
  { key: 'client:instance_created', displayName: 'Instance created', topic: 'instance' },
  { key: 'client:instance_stopped', displayName: 'Instance stopped', topic: 'instance' },
  { key: 'client:instance_resumed', displayName: 'Instance resumed', topic: 'instance' },
  { key: 'client:instance_deleted', displayName: 'Instance deleted', topic: 'instance' },
  { key: 'client:outbid', displayName: 'Instance outbid', topic: 'instance' },
  { key: 'client:instance_offline', displayName: 'Instance offline', topic: 'instance' },
  { key: 'host:machine_offline', displayName: 'Machine offline', topic: 'machine' },
  { key: 'host:machine_verification_failed', displayName: 'Machine verification failed', topic: 'machine' },
  { key: 'host:listing_ending', displayName: 'Machine listing ending soon', topic: 'machine' },
  { key: 'host:maintenance_scheduled', displayName: 'Maintenance window confirmed', topic: 'machine' },
]

const keys: ReadonlySet<string> = new Set(eventTypes.map(type => type.key))

/** True for the full key of a known event. */
export function isEventKey(key: string): boolean {
  return keys.has(key)
}
