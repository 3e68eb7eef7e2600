/** Bound of {@link MachineTruth.gpuHoursByHostCents}: dearer hours are counted at the last price. */
export const PRICE_BUCKETS_MAX = 512

/** What really happened on one machine since it joined: for tests and comparison runs, invisible on the wire. */
export interface MachineTruth {
  readonly machineId: number
  /** GPU-hours while listed and online. */
  readonly listedGpuHours: number
  /** GPU-hours that earned: on-demand, reserved and interruptible. Own use is not in it. */
  readonly rentedGpuHours: number
  readonly interruptibleGpuHours: number
  readonly ownUseGpuHours: number
  readonly offlineGpuHours: number
  readonly gpuEarnedUsd: number
  readonly storageEarnedUsd: number
  /** Contracts that began. */
  readonly fills: number
  readonly interruptibleFills: number
  readonly extensions: number
  /** Rented GPU-hours by host price, in cents per GPU-hour (rounded): at most {@link PRICE_BUCKETS_MAX} entries. */
  readonly gpuHoursByHostCents: ReadonlyMap<number, number>
}

/** What really happened to one model's renters since the world began. */
export interface ModelTruth {
  readonly model: string
  readonly arrivals: number
  readonly rented: number
  /** Went elsewhere: nothing offered was worth it. */
  readonly leftForPrice: number
  /** No machine had room for the need. */
  readonly leftForRoom: number
  readonly bidArrivals: number
  readonly bidRented: number
  readonly reprices: number
  readonly failures: number
  readonly gpus: number
  readonly rentedGpus: number
  /** Idle chunks by size asked (1, 2, 4, 8). */
  readonly idleMachinesByNeed: Readonly<Record<1 | 2 | 4 | 8, number>>
  /** exp of the reference price now, RENTER USD per GPU-hour. */
  readonly referenceUsdPerGpuHour: number
  /** Multiplies the arrival rate now; 1 on average. */
  readonly demandFactor: number
  readonly rentedGpuHours: number
  readonly listedGpuHours: number
}

/** The market's money since the world began, USD. `renterPaid × share = hostEarned` and `renterPaid = hostEarned + fee`. */
export interface MoneyTruth {
  readonly renterPaidUsd: number
  readonly hostEarnedUsd: number
  readonly feeUsd: number
}
