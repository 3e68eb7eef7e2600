import { MarketError } from './market-error.ts'
import type { MarketOffer } from './market-offer.ts'
import type { HostPrice } from './price.ts'
import { quantile } from './price-band.ts'

/** A median that moves by more than this factor from one search to the next is another unit, not another market. */
export const medianJumpMax = 4
/** After this time without a believable sample the new prices are believed. */
export const medianMemoryMs = 6 * 3_600_000
/** With fewer prices a median may jump honestly. */
const pricesMin = 5
/** Between what a host lists and what renters are asked lies a fee of about a quarter; beyond these the units differ. */
const ownRatioMin = 0.2
const ownRatioMax = 5

/** The median of the last sample that was believed. */
export interface BelievedMedian {
  /** Renter USD per GPU-hour. */
  readonly perGpu: number
  /** Epoch milliseconds. */
  readonly at: number
}

/**
 * Believes a sample, or says why not: all its prices together are far from those seen before.
 *
 * @returns The median to hold the next sample against; that before when there are too few prices to tell.
 * @throws {MarketError} `ABSURD_PRICES`
 */
export function believeSample(
  model: string,
  offers: readonly MarketOffer[],
  now: number,
  before: BelievedMedian | undefined,
): BelievedMedian | undefined {
  const prices = offers
    .map(({ chunkPricePerHour, numGpus }) => (chunkPricePerHour ?? Number.NaN) / numGpus)
    .filter(price => price > 0 && Number.isFinite(price))
    .sort((a, b) => a - b)
  if (prices.length < pricesMin) return before
  const perGpu = quantile(prices, 0.5)
  if (before !== undefined && now - before.at <= medianMemoryMs) {
    const factor = perGpu / before.perGpu
    if (factor > medianJumpMax || factor < 1 / medianJumpMax)
      throw new MarketError({
        code: 'ABSURD_PRICES',
        message: `the median price of ${model} went from ${usd(before.perGpu)} to ${usd(perGpu)} per GPU-hour at once, probably another unit; nothing is decided on it`,
        details: { before: before.perGpu, after: perGpu },
      })
  }
  return { perGpu, at: now }
}

/**
 * Holds one's own listings against their public offers, which must be of the same size.
 *
 * @param listed What each own machine is listed at, by machine id.
 * @throws {MarketError} `ABSURD_PRICES` when no own offer is anywhere near its listing.
 */
export function checkOwnOffers(listed: ReadonlyMap<number, HostPrice>, offers: readonly MarketOffer[]): void {
  let example: string | undefined
  for (const { machineId, chunkPricePerHour, numGpus, rentable } of offers) {
    const host = listed.get(machineId)
    if (host === undefined || !(host > 0) || chunkPricePerHour === undefined || !rentable) continue
    const ratio = chunkPricePerHour / numGpus / host
    if (ratio >= ownRatioMin && ratio <= ownRatioMax) return
    example ??= `machine ${machineId} is listed at ${usd(host)} and offered at ${usd(chunkPricePerHour / numGpus)} per GPU-hour`
  }
  if (example === undefined) return
  throw new MarketError({
    code: 'ABSURD_PRICES',
    message: `${example}: the search answers in another unit; nothing is decided on it`,
    // What was seen before may have been in that unit, too.
    retryable: false,
  })
}

function usd(price: number): string {
  return `$${Number(price.toPrecision(3))}`
}
