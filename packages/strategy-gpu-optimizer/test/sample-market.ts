import {
  type HostPrice,
  type HostShare,
  hostPrice,
  hostShare,
  hostToRenter,
  type MarketRate,
  type PriceBand,
  type TwoSidedBand,
} from '@org/venue-vastai/actions'
import type { AskBand, PricingMarket } from '../src/pricing/pricing-policy.ts'

/** Where a Wednesday in the middle of the recordings begins. */
export const startMs = Date.UTC(2026, 6, 1)
export const hourMs = 3_600_000

/** Asks around a median: 0.7, 0.85, 1, 1.2, 1.5 times it. */
export function bandAround(median: number): AskBand {
  return { p10: 0.7 * median, p25: 0.85 * median, median, p75: 1.2 * median, p90: 1.5 * median }
}

export function sampleMarket(
  options: { readonly median?: number; readonly rentedShare?: number; readonly nowMs?: number } = {},
): PricingMarket {
  const { median = 0.3, rentedShare = 0.8, nowMs = startMs } = options
  const ask = bandAround(median)
  return { asOfMs: nowMs, machines: 20, ask, idleAsk: ask, rentedAsk: ask, rentedShare, idleGpus: 4 }
}

/** What the venue answers for a market whose hosts earn `hostMedian` in the middle. */
export function sampleRate(
  options: {
    readonly hostMedian?: number
    readonly share?: number
    readonly model?: string
    readonly asOf?: number
    readonly rentedShare?: number
  } = {},
): MarketRate {
  const { hostMedian = 0.3, share = 0.75, model = 'RTX_4090', asOf = startMs, rentedShare = 0.8 } = options
  const both = twoSided(hostMedian, hostShare(share))
  return {
    model,
    asOf,
    oldestAsOf: asOf,
    ...both,
    idle: both,
    rented: both,
    machinesCounted: 20,
    gpusCounted: 20,
    rentedShare,
    idleGpus: 4,
    share: hostShare(share),
    shareSource: 'own-offer',
    like: { kind: { model }, relaxed: [] },
    samples: 1,
    truncated: false,
    leftOut: { own: 0, withoutPrice: 0, outliers: 0, unlike: 0 },
  }
}

function twoSided(median: number, share: HostShare): TwoSidedBand {
  const at = (factor: number) => hostPrice(factor * median)
  const host: PriceBand<HostPrice> = {
    min: at(0.6),
    p10: at(0.7),
    p25: at(0.85),
    median: at(1),
    p75: at(1.2),
    p90: at(1.5),
    max: at(2),
    machines: 20,
  }
  const renter = (price: HostPrice) => hostToRenter(price, share)
  return {
    host,
    renter: {
      min: renter(host.min),
      p10: renter(host.p10),
      p25: renter(host.p25),
      median: renter(host.median),
      p75: renter(host.p75),
      p90: renter(host.p90),
      max: renter(host.max),
      machines: host.machines,
    },
  }
}
