import { z } from 'zod'

const dayMs = 86_400_000
const price = z.number().min(0).max(1000)

/**
 * A whole listing, in host prices. Nothing can be left out: what a write does not name, Vast.ai resets (`min_chunk` to 1, for instance).
 * `null` leaves a field to Vast.ai. The `ListingTerms` of the actions fit here.
 */
export const listingWriteSchema = z
  .strictObject({
    /** What the host earns, USD per GPU-hour. */
    pricePerGpuHour: z.number().positive().max(1000),
    /** Floor of interruptible bids, USD per GPU-hour; `null`: the on-demand price. */
    minBidPerGpuHour: price.nullable(),
    /** Least number of GPUs rented together. */
    minChunkGpus: z.number().int().min(1).max(64),
    /** USD per GB and month. */
    diskPerGbMonth: price.nullable(),
    /** USD per GB sent. */
    uploadPerGb: price.nullable(),
    /** USD per GB received. */
    downloadPerGb: price.nullable(),
    /** Largest discount for prepaying, 0 to 1. */
    discountMax: z.number().min(0).max(1).nullable(),
    /** The listing ends here, and no contract runs beyond: epoch milliseconds. */
    endDateMs: z.number().int().positive().nullable(),
    /** Or: the end moves along, this far ahead; milliseconds. */
    durationMs: z.number().int().positive().nullable(),
    /** Disk offered as volumes, GB; 0: none. */
    volumeGb: z.number().min(0).nullable(),
    /** USD per GB and month of volumes. */
    volumePerGbMonth: price.nullable(),
  })
  .refine(terms => terms.endDateMs === null || terms.durationMs === null, {
    message: 'expected endDateMs or durationMs to be null: they exclude each other',
  })

export type ListingWrite = z.input<typeof listingWriteSchema>

/** The body of a listing. */
export function listingBody(machineId: number, terms: ListingWrite): Record<string, unknown> {
  return {
    machine: machineId,
    price_gpu: terms.pricePerGpuHour,
    price_disk: terms.diskPerGbMonth,
    price_inetu: terms.uploadPerGb,
    price_inetd: terms.downloadPerGb,
    price_min_bid: terms.minBidPerGpuHour,
    min_chunk: terms.minChunkGpus,
    end_date: terms.endDateMs === null ? null : terms.endDateMs / 1000,
    credit_discount_max: terms.discountMax,
    duration: durationOf(terms.durationMs),
    vol_size: terms.volumeGb,
    vol_price: terms.volumePerGbMonth,
  }
}

/** Whole days travel as text, as hosts write them; anything else as seconds. */
function durationOf(durationMs: number | null): string | number | null {
  if (durationMs === null) return null
  return durationMs % dayMs === 0 ? `${durationMs / dayMs} days` : durationMs / 1000
}
