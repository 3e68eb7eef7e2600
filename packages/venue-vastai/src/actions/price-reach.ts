/** No GPU is rented out for less or more than this, USD per GPU-hour, host terms. */
export const listedPriceMin = 0.001
export const listedPriceMax = 100
/** A price that changes by more than this factor at once is a mistake in units or a bad reading, not a decision. */
export const priceJumpMax = 4

/** A range of prices, both ends included; USD per GPU-hour, host terms. */
export interface PriceReach {
  readonly min: number
  readonly max: number
}

/**
 * The prices that a listing may be changed to at once; the venue refuses others with `INVALID_TERMS`. What wants to go further goes in steps.
 *
 * @param pricePerGpuHour what it is listed at, USD per GPU-hour, host terms; `undefined` or 0: nothing to compare with.
 * @example
 * priceReach(0.2) // { min: 0.05, max: 0.8 }
 */
export function priceReach(pricePerGpuHour: number | undefined): PriceReach {
  if (pricePerGpuHour === undefined || !(pricePerGpuHour > 0)) return { min: listedPriceMin, max: listedPriceMax }
  const price = Math.min(listedPriceMax, Math.max(listedPriceMin, pricePerGpuHour))
  return {
    min: Math.max(listedPriceMin, price / priceJumpMax),
    max: Math.min(listedPriceMax, price * priceJumpMax),
  }
}
