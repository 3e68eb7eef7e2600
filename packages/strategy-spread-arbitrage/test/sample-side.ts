import { Decimal } from '@org/core'
import type { Instrument } from '@org/venue-trading/actions'
import { parseSpreadArbitrageConfig, type SpreadArbitrageParams } from '../src/config.ts'
import type { VenueSide } from '../src/venue-side.ts'

export const instrument: Instrument = {
  symbol: 'BTC/USDT',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  priceStep: '0.01',
  quantityStep: '0.001',
  quantityMin: '0.001',
  notionalMin: '5',
  makerFee: '0.001',
  takerFee: '0.001',
  canShort: false,
  isTrading: true,
}

/** Bid 99.9, ask 100, with 50 of each, enough of everything, and nothing held. */
export function sideAt(venueId: string, change: Partial<VenueSide> = {}): VenueSide {
  return {
    venueId,
    instrument,
    book: { symbol: 'BTC/USDT', bids: [['99.9', '50']], asks: [['100', '50']] },
    bookAt: 1_000,
    freeBase: Decimal.of(1_000),
    freeQuote: Decimal.of(1_000_000),
    held: Decimal.of(0),
    averagePrice: Decimal.of(0),
    result: Decimal.of(0),
    openOrders: [],
    ...change,
  }
}

export function paramsWith(change: object = {}): SpreadArbitrageParams {
  return parseSpreadArbitrageConfig({ customParams: { symbol: 'BTC/USDT', notionalMax: 1_000, ...change } })
    .customParams
}

/** Asks rise, bids fall from their best. */
export function bookOf(bids: readonly (readonly [string, string])[], asks: readonly (readonly [string, string])[]) {
  return { symbol: 'BTC/USDT', bids, asks }
}
