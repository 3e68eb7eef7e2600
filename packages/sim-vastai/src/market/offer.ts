/**
 * One node of a machine's split tree: the whole machine, its halves, and so on down to min_chunk, and remainders.
 * Prices are RENTER prices in USD per hour for the whole chunk.
 *
 * The id changes whenever the machine's rentals change, so an id from an old search may be gone.
 */
export interface Offer {
  readonly id: number
  readonly machineId: number
  readonly hostId: number
  readonly model: string
  readonly gpuIndexes: readonly number[]
  readonly gpuCount: number
  /** Chunk / machine. */
  readonly gpuFraction: number
  /** No on-demand or reserved contract holds a GPU of it, and the machine is online. */
  readonly isRentable: boolean
  /** A GPU of it is running for an interruptible renter, who would be displaced. */
  readonly isBidHeld: boolean
  /** On-demand price. */
  readonly renterGpuUsdPerHour: number
  /** Smallest bid that would run now: the floor, or just above the bids it must displace. */
  readonly renterMinBidUsdPerHour: number
  /** Disk that a renter of this chunk may have, GB. */
  readonly diskGb: number
  /** Until when a rental may last, epoch ms; undefined when open. */
  readonly endMs: number | undefined
}

/** Narrows {@link World.offers} before rows are built. */
export interface OfferFilter {
  /** Underscore names. Default: all. */
  readonly models?: readonly string[]
  readonly machineId?: number
  /** Include chunks that are taken. @default true */
  readonly includeTaken?: boolean
}
