import type { ListingTerms } from '../actions/listing-terms.ts'
import { listingTermsSchema } from '../actions/listing-terms.ts'
import type { Machine } from '../wire/machine.ts'

/**
 * The whole listing as the machine table shows it.
 *
 * @returns `undefined` when a part of it is missing or makes no sense: writing a guess would change it.
 */
export function readListing(machine: Machine): ListingTerms | undefined {
  const durationMs = milliseconds(machine.duration)
  const read = listingTermsSchema.safeParse({
    pricePerGpuHour: machine.listed_gpu_cost,
    minBidPerGpuHour: machine.min_bid_price ?? null,
    minChunkGpus: machine.listed_min_gpu_count,
    diskPerGbMonth: machine.listed_storage_cost,
    uploadPerGb: machine.listed_inet_up_cost,
    downloadPerGb: machine.listed_inet_down_cost,
    discountMax: machine.credit_discount_max,
    // With a duration the end date moves along by itself.
    endDateMs: durationMs === null ? milliseconds(machine.end_date) : null,
    durationMs,
    volumeGb: machine.volume_total_size ?? null,
    volumePerGbMonth: machine.listed_volume_cost ?? null,
  })
  return read.success ? read.data : undefined
}

function milliseconds(seconds: number | null | undefined): number | null {
  return seconds === null || seconds === undefined ? null : Math.round(seconds * 1000)
}
