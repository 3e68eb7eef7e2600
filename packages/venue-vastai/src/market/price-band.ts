import { z } from 'zod'
import {
  type HostPrice,
  type HostShare,
  hostPriceSchema,
  type RenterPrice,
  renterPriceSchema,
  renterToHost,
} from './price.ts'

/** Where prices lie, USD per GPU-hour; each machine has one vote. */
export interface PriceBand<Price extends HostPrice | RenterPrice> {
  readonly min: Price
  readonly p10: Price
  readonly p25: Price
  readonly median: Price
  readonly p75: Price
  readonly p90: Price
  readonly max: Price
  /** Machines that voted. */
  readonly machines: number
}

/** The same band in both terms: `renter` as offers show it, `host` as listings set it. */
export interface TwoSidedBand {
  readonly renter: PriceBand<RenterPrice>
  readonly host: PriceBand<HostPrice>
}

export function priceBandSchema<Price extends HostPrice | RenterPrice>(price: z.ZodType<Price>) {
  return z.strictObject({
    min: price,
    p10: price,
    p25: price,
    median: price,
    p75: price,
    p90: price,
    max: price,
    machines: z.number().int().min(0),
  })
}

export const twoSidedBandSchema = z.strictObject({
  renter: priceBandSchema(renterPriceSchema),
  host: priceBandSchema(hostPriceSchema),
})

/**
 * The band of prices sorted ascending; quantiles are interpolated linearly (type 7, as in R and NumPy).
 *
 * @returns `undefined` for no prices at all.
 */
export function priceBand(sorted: readonly RenterPrice[]): PriceBand<RenterPrice> | undefined {
  const first = sorted[0]
  const last = sorted[sorted.length - 1]
  if (first === undefined || last === undefined) return undefined
  return {
    min: first,
    p10: quantile(sorted, 0.1),
    p25: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    p75: quantile(sorted, 0.75),
    p90: quantile(sorted, 0.9),
    max: last,
    machines: sorted.length,
  }
}

/** A band in renter terms with its counterpart in host terms. */
export function twoSidedBand(renter: PriceBand<RenterPrice>, share: HostShare): TwoSidedBand {
  return {
    renter,
    host: {
      min: renterToHost(renter.min, share),
      p10: renterToHost(renter.p10, share),
      p25: renterToHost(renter.p25, share),
      median: renterToHost(renter.median, share),
      p75: renterToHost(renter.p75, share),
      p90: renterToHost(renter.p90, share),
      max: renterToHost(renter.max, share),
      machines: renter.machines,
    },
  }
}

/**
 * The quantile of values sorted ascending, of which there is at least one.
 *
 * @param part 0 to 1.
 */
export function quantile<Value extends number>(sorted: readonly Value[], part: number): Value {
  const position = (sorted.length - 1) * part
  const below = Math.floor(position)
  const low = sorted[below] ?? (Number.NaN as Value)
  const high = sorted[below + 1] ?? low
  // Equal neighbours are returned as they are: interpolating them could leave the band by one rounding error.
  if (low === high) return low
  const between = low + (high - low) * (position - below)
  return Math.min(high, Math.max(low, between)) as Value
}
