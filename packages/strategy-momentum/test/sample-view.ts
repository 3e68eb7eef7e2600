import type { Instrument, OrderView, Position, Ticker } from '@org/venue-trading/actions'
import { parseMomentumConfig } from '../src/config.ts'
import type { SymbolView } from '../src/symbol-view.ts'
import type { TrendPoint } from '../src/trend.ts'

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
  canShort: true,
  isTrading: true,
}

export const point: TrendPoint = {
  openTime: 0,
  close: 100,
  fast: 101,
  slow: 100,
  atr: 2,
  direction: 'up',
  hasCrossed: true,
}

export const ticker: Ticker = {
  symbol: 'BTC/USDT',
  bid: '99.99',
  bidQuantity: undefined,
  ask: '100',
  askQuantity: undefined,
  last: undefined,
  at: 60_000,
}

export const position = (quantity: string, stopPrice: string | undefined = '96'): Position => ({
  strategyId: 'momentum',
  symbol: 'BTC/USDT',
  quantity,
  averagePrice: '100',
  stopPrice,
  realised: '0',
  unrealised: '0',
  openedAt: 0,
})

export const stopOrder = (quantity: string, filled = '0'): OrderView => ({
  orderId: '1',
  clientOrderId: 'stop-1',
  symbol: 'BTC/USDT',
  side: 'sell',
  quantity,
  filled,
  price: undefined,
  stopPrice: '96',
  averagePrice: undefined,
  status: 'open',
  strategyId: 'momentum',
  createdAt: 0,
})

/** Flat, on the bar of a cross upwards, with enough of everything. */
export function view(change: Partial<SymbolView> = {}): SymbolView {
  const { customParams: params } = parseMomentumConfig({
    customParams: { symbols: ['BTC/USDT'], riskPerTrade: 50, notionalMax: 5_000, slippageMax: 0 },
  })
  return {
    strategyId: 'momentum',
    venueId: 'paper',
    params,
    instrument,
    ticker,
    bars: { point },
    position: undefined,
    stopPrice: change.position?.stopPrice,
    openOrders: [],
    refusedStop: undefined,
    risk: 50,
    free: 100_000,
    actedOn: undefined,
    ...change,
  }
}
