import { MarketError } from './market-error.ts'
import type { MarketOffer } from './market-offer.ts'
import { type HostPrice, type HostShare, hostShareMax, hostShareMin } from './price.ts'
import { quantile } from './price-band.ts'

/**
 * The host's part of the renter's payment, learned by holding one's own listings against their public offers.
 *
 * @param listed What each own machine is listed at, by machine id.
 * @returns The median over all offers that make sense; `undefined` when there is nothing to hold against each other.
 * @throws {MarketError} `ABSURD_PRICES` when no own offer that can be rented gives a share that could be meant: an assumed one would turn
 *   the market's prices into wrong host prices.
 * @example
 * learnHostShare(new Map([[61002, hostPrice(0.3)]]), offers) // 0.75 when that machine is offered at $0.40 per GPU-hour
 */
export function learnHostShare(
  listed: ReadonlyMap<number, HostPrice>,
  offers: readonly MarketOffer[],
): HostShare | undefined {
  const shares: number[] = []
  let outside: { readonly machineId: number; readonly share: number } | undefined
  for (const offer of offers) {
    const host = listed.get(offer.machineId)
    if (host === undefined || offer.chunkPricePerHour === undefined) continue
    const share = host / (offer.chunkPricePerHour / offer.numGpus)
    if (share >= hostShareMin && share <= hostShareMax) shares.push(share)
    // One that is taken keeps the price of its contract, whatever it is listed at now.
    else if (offer.rentable && host > 0) outside ??= { machineId: offer.machineId, share }
  }
  if (shares.length === 0 && outside !== undefined)
    throw new MarketError({
      code: 'ABSURD_PRICES',
      message: `machine ${outside.machineId} is listed at ${outside.share.toPrecision(2)} of what its public offer asks, expected ${hostShareMin} to ${hostShareMax}: its listing was just changed, or the figures are not what they were; nothing is decided on them`,
      details: { ...outside },
    })
  if (shares.length === 0) return undefined
  shares.sort((a, b) => a - b)
  return quantile(shares, 0.5) as HostShare
}
