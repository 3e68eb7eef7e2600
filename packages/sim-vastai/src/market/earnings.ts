/** USD that a host earned (after the market's share), by what for. */
export interface Earnings {
  readonly gpuUsd: number
  readonly storageUsd: number
  readonly bandwidthUpUsd: number
  readonly bandwidthDownUsd: number
}

/** One UTC day. */
export interface DayEarnings extends Earnings {
  /** Days since 1970-01-01. */
  readonly day: number
}

/** Answer of {@link World.earnings}. */
export interface EarningsReport {
  readonly total: Earnings
  readonly perMachine: readonly (Earnings & { readonly machineId: number })[]
  readonly perDay: readonly DayEarnings[]
}
