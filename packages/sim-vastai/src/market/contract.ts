/** `own-use`: the host on its own machine, free of GPU charge. */
export type ContractKind = 'on-demand' | 'reserved' | 'interruptible' | 'own-use'

/**
 * - `running`: holds its GPUs and is charged.
 * - `paused`: outbid, displaced, or the machine is offline or in maintenance; keeps its disk, resumes by itself.
 * - `stopped`: the renter stopped it; keeps its disk, its GPUs are free for others.
 * - `waiting`: the renter asked to start, GPUs are not free yet.
 * - `expired`: past its end; cannot start, still pays storage until deleted (48 h, or the host's cleanup).
 * - `ended`: gone.
 */
export type ContractStatus = 'running' | 'paused' | 'stopped' | 'waiting' | 'expired' | 'ended'

export type EndReason =
  | 'left'
  | 'contract-end'
  | 'price-increase'
  | 'outage'
  | 'outbid'
  | 'destroyed'
  | 'cleanup'
  | 'machine-removed'

/** A rental. Prices and end date were frozen when it was cut from the listing. A live view. */
export interface Contract {
  readonly id: number
  readonly machineId: number
  /** Undefined for the market's anonymous renters. */
  readonly accountId: number | undefined
  readonly kind: ContractKind
  readonly status: ContractStatus
  readonly gpuIndexes: readonly number[]
  /** Host's USD per GPU-hour (for interruptibles: bid × share). 0 for own use. Before any prepay discount. */
  readonly hostUsdPerGpuHour: number
  /** Renter's USD per GPU-hour. */
  readonly renterUsdPerGpuHour: number
  readonly diskGb: number
  /** Host's USD per GB and month. */
  readonly hostDiskUsdPerGbMonth: number
  readonly hostInetUpUsdPerGb: number
  readonly hostInetDownUsdPerGb: number
  /** Reserved only: 0..1 off the on-demand price. */
  readonly discount: number
  readonly startMs: number
  /** Epoch ms; undefined when open. */
  readonly endMs: number | undefined
  readonly endedMs: number | undefined
  readonly endReason: EndReason | undefined
  readonly label: string | undefined
  /** Paid by the renter so far, USD (GPU + storage), accrued to the world's now. */
  readonly paidUsd: number
  readonly runningMs: number
  readonly pendingPriceIncrease: PendingPriceIncrease | undefined
}

/** A higher price that waits for the client's word. Applies after the contract's current end. Host prices. */
export interface PendingPriceIncrease {
  readonly id: number
  readonly contractId: number
  readonly machineId: number
  readonly oldGpuUsdPerHour: number
  readonly newGpuUsdPerHour: number
  readonly oldDiskUsdPerGbMonth: number
  readonly newDiskUsdPerGbMonth: number
  readonly oldInetUpUsdPerGb: number
  readonly newInetUpUsdPerGb: number
  readonly oldInetDownUsdPerGb: number
  readonly newInetDownUsdPerGb: number
  readonly contractEndMs: number
  readonly askEndMs: number | undefined
  readonly createdMs: number
}

/** Ask of {@link World.rent}. */
export interface RentRequest {
  readonly accountId: number
  /** An {@link Offer.id}. */
  readonly offerId: number
  /** Undefined: on-demand. Else the bid in RENTER terms, USD per hour for the whole chunk. */
  readonly bidUsdPerHour?: number
  readonly diskGb: number
  readonly label?: string
  /** Own machine, free of charge. Refused for machines of others. */
  readonly ownUse?: boolean
  /** Shorter than the listing allows, epoch ms. */
  readonly endMs?: number
}
