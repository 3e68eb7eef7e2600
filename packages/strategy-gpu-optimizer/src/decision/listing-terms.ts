import { type HostPrice, hostPrice, type ListingTerms } from '@org/venue-vastai/actions'
import type { FirstListing } from '../config/optimizer-config.ts'
import { roundUp } from '../pricing/bounded-move.ts'

/**
 * The whole listing at a new price: everything else stays as it was listed last. A part would reset the rest, `min_chunk` to 1 for
 * instance.
 */
export function listingTerms(wanted: {
  /** As listed now or last; `null` for a machine that never was. */
  readonly previous: ListingTerms | null
  readonly first: FirstListing
  readonly pricePerGpuHour: HostPrice
  readonly floorPerGpuHour: HostPrice
  readonly gpus: number
  readonly nowMs: number
}): ListingTerms {
  const { previous, first, pricePerGpuHour, floorPerGpuHour, gpus, nowMs } = wanted
  // An interruptible rental earns its bid, so the floor of bids must pay for itself too; above the on-demand price it would make no sense.
  const minBid = (bid: HostPrice) => hostPrice(Math.min(pricePerGpuHour, Math.max(bid, roundUp(floorPerGpuHour))))
  if (previous === null)
    return {
      ...first,
      pricePerGpuHour,
      minBidPerGpuHour: minBid(floorPerGpuHour),
      minChunkGpus: Math.min(first.minChunkGpus, gpus),
      endDateMs: null,
      volumeGb: null,
      volumePerGbMonth: null,
    }
  const endIsOver = previous.endDateMs !== null && previous.endDateMs <= nowMs
  return {
    ...previous,
    pricePerGpuHour,
    minBidPerGpuHour: previous.minBidPerGpuHour === null ? null : minBid(previous.minBidPerGpuHour),
    endDateMs: endIsOver || previous.durationMs !== null ? null : previous.endDateMs,
  }
}
