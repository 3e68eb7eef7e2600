import { z } from 'zod'
import { hostPriceSchema } from '../market/price.ts'

/**
 * The whole terms of a listing, in host prices. There is no partial form: a market that gets a part resets the rest (`min_chunk`
 * to 1, for instance), so every write names everything.
 */
export const listingTermsSchema = z.strictObject({
  /** What the host earns for on-demand rentals, USD per GPU-hour. */
  pricePerGpuHour: hostPriceSchema,
  /** Floor of interruptible bids, USD per GPU-hour, host terms; `null`: the on-demand price. */
  minBidPerGpuHour: hostPriceSchema.nullable(),
  /** Smallest number of GPUs rented together. */
  minChunkGpus: z.number().int().min(1).max(64),
  /** USD per GB and month. */
  diskPerGbMonth: z.number().min(0).max(100),
  /** USD per GB sent. */
  uploadPerGb: z.number().min(0).max(10),
  /** USD per GB received. */
  downloadPerGb: z.number().min(0).max(10),
  /** Largest discount for prepaid rentals, 0 to 1; 0 opts out. */
  discountMax: z.number().min(0).max(1),
  /** No contract runs beyond it, and the listing ends there: epoch milliseconds. `null`: open. */
  endDateMs: z.number().int().positive().nullable(),
  /** Longest rental, milliseconds, with an end date that moves along; exclusive with `endDateMs`. */
  durationMs: z.number().int().positive().nullable(),
  /** Disk offered as volumes, GB; `null`: what the market defaults to. */
  volumeGb: z.number().min(0).nullable(),
  /** USD per GB and month of volumes; `null`: what the market defaults to. */
  volumePerGbMonth: z.number().min(0).max(100).nullable(),
})

export type ListingTerms = z.output<typeof listingTermsSchema>

/** Terms of one listing that differ from another's. */
export type ListingField = keyof ListingTerms

// Vast.ai gives prices back with binary noise (0.43000000000000005) and end dates in seconds.
const priceTolerance = 1e-6
const timeToleranceMs = 1000

/**
 * The fields in which `actual` differs from `wanted`, in the order of the schema. A field of `wanted` that is `null` leaves the
 * choice to the market and never differs, except the end date, where `null` means open.
 */
export function differingTerms(wanted: ListingTerms, actual: ListingTerms): readonly ListingField[] {
  const fields = Object.keys(listingTermsSchema.shape) as ListingField[]
  return fields.filter(field => {
    const left = wanted[field]
    const right = actual[field]
    // A rolling end date is the market's to compute from the duration.
    if (field === 'endDateMs' && wanted.durationMs !== null) return false
    if (left === null) return field === 'endDateMs' && right !== null
    if (right === null) return true
    return Math.abs(left - right) > (field.endsWith('Ms') ? timeToleranceMs : priceTolerance)
  })
}
