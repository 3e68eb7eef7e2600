/**
 * The whole terms under which a machine is listed, in HOST prices: what the host earns. A renter pays host price / {@link HOST_SHARE}.
 * Terms are written whole; a repricing is a new listing.
 */
export interface ListingTerms {
  /** USD per GPU-hour. */
  readonly gpuUsdPerHour: number
  /** USD per GB and month of 720 h. @default 0.10 */
  readonly diskUsdPerGbMonth?: number
  /** USD per GB. @default 0 */
  readonly inetUpUsdPerGb?: number
  /** USD per GB. @default 0 */
  readonly inetDownUsdPerGb?: number
  /** Floor for interruptible bids, USD per GPU-hour. Unset: the on-demand price. */
  readonly minBidUsdPerGpuHour?: number
  /** Smallest chunk cut from the machine, GPUs. @default 1 */
  readonly minChunk?: number
  /** No contract runs beyond it, epoch ms. Unset and without {@link durationMs}: open. */
  readonly endMs?: number
  /** A rolling end: each contract may run this long. Exclusive with {@link endMs}. */
  readonly durationMs?: number
  /** Largest prepay discount, 0..1. @default 0.4 */
  readonly creditDiscountMax?: number
  /** @default half of the free disk */
  readonly volumeGb?: number
  /** USD per GB and month. @default the disk price */
  readonly volumeUsdPerGbMonth?: number
}

/** What stands listed, all defaults filled in. Prices are host prices. */
export interface Listing {
  readonly gpuUsdPerHour: number
  readonly diskUsdPerGbMonth: number
  readonly inetUpUsdPerGb: number
  readonly inetDownUsdPerGb: number
  /** Undefined: equals the on-demand price. */
  readonly minBidUsdPerGpuHour: number | undefined
  readonly minChunk: number
  /** Undefined: open, or rolling with {@link durationMs}; {@link listingEndMs} tells which. */
  readonly endMs: number | undefined
  readonly durationMs: number | undefined
  readonly creditDiscountMax: number
  readonly volumeGb: number
  readonly volumeUsdPerGbMonth: number
  /** Since when these very terms stand, epoch ms. */
  readonly sinceMs: number
  /** Since when the machine is listed without interruption, epoch ms. */
  readonly listedMs: number
}

/** Answer of {@link World.list}. */
export interface ListResult {
  /** Running contracts whose end moved to the new end date. */
  readonly extended: number
  /** Pending price increases written by this call. */
  readonly pendingPriceIncreases: number
}

/** Host's part of what a renter pays, as observed on the real market. */
export const HOST_SHARE = 0.75

/** Until when a contract cut now may run; undefined when open. */
export function listingEndMs(listing: Listing, nowMs: number): number | undefined {
  return listing.durationMs === undefined ? listing.endMs : nowMs + listing.durationMs
}
