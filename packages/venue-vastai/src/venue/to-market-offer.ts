// Hot path: every row of every search passes here once.
import type { MarketOffer } from '../market/market-offer.ts'
import type { MarketRate } from '../market/market-rate.ts'
import { marketRate, type RateOptions } from '../market/rate.ts'
import type { Offer } from '../wire/offer.ts'
import { toVerification } from './to-machine-view.ts'

/**
 * The market rate of one complete list of offers, for instance a recorded one. The venue's `getMarketRate` searches, merges samples and
 * leaves out own machines by itself.
 *
 * @param takenAt When the offers were read, epoch milliseconds.
 * @throws {MarketError} `TOO_FEW_PEERS`
 * @example
 * rateOffers(readOffers(bytes).offers, clock.now(), { kind: { model: 'RTX_4090' } }).renter.median
 */
export function rateOffers(offers: readonly Offer[], takenAt: number, options: RateOptions): MarketRate {
  return marketRate(offers.map(toMarketOffer), takenAt, options)
}

const noGpus: readonly number[] = []

export function toMarketOffer(offer: Offer): MarketOffer {
  return {
    id: offer.id,
    machineId: offer.machine_id,
    model: offer.gpu_name.replaceAll(' ', '_'),
    numGpus: offer.num_gpus,
    gpuIds: offer.gpu_ids ?? noGpus,
    chunkPricePerHour: offer.dph_base ?? undefined,
    rentable: offer.rentable ?? false,
    verification: toVerification(offer.verification),
    reliability: offer.reliability ?? offer.reliability2 ?? 0,
  }
}
