import type { MarketOffer } from './market-offer.ts'
import { type HostPrice, type HostShare, hostShareMax, hostShareMin } from './price.ts'
import { quantile } from './price-band.ts'

/**
 * The host's part of the renter's payment, learned by holding one's own listings against their public offers.
 *
 * @param listed What each own machine is listed at, by machine id.
 * @returns The median over all offers that make sense; `undefined` when none does.
 * @example
 * learnHostShare(new Map([[61002, hostPrice(0.3)]]), offers) // 0.75 when that machine is offered at $0.40 per GPU-hour
 */
export function learnHostShare(
  listed: ReadonlyMap<number, HostPrice>,
  offers: readonly MarketOffer[],
): HostShare | undefined {
  const shares: number[] = []
  for (const offer of offers) {
    const host = listed.get(offer.machineId)
    if (host === undefined || offer.chunkPricePerHour === undefined) continue
    const share = host / (offer.chunkPricePerHour / offer.numGpus)
    if (share >= hostShareMin && share <= hostShareMax) shares.push(share)
  }
  if (shares.length === 0) return undefined
  shares.sort((a, b) => a - b)
  return quantile(shares, 0.5) as HostShare
}
