import { type Call, listingOf, listingsOf, type Route } from '../call.ts'
import type { Params } from '../params.ts'
import { priceText } from '../rows/amounts.ts'
import { candleInterval, candleRow } from '../rows/candle-row.ts'
import { bestPrices, depthLevels } from '../rows/depth-row.ts'
import { dayTickerRow } from '../rows/ticker-row.ts'
import { publicTradeRow } from '../rows/trade-row.ts'
import { WireError } from '../wire-error.ts'

/** Books, trades, candles and tickers: open to everybody. */
export const marketDataRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v3/depth', socketMethod: 'depth', weight: depthWeight, access: 'open', handle: depth },
  {
    method: 'GET',
    path: '/api/v3/trades',
    socketMethod: 'trades.recent',
    weight: 25,
    access: 'open',
    handle: call => [...listingOf(call).tape].slice(-call.params.limit(500, 1_000)).map(publicTradeRow),
  },
  { method: 'GET', path: '/api/v3/aggTrades', weight: 4, access: 'open', handle: aggregateTrades },
  { method: 'GET', path: '/api/v3/klines', socketMethod: 'klines', weight: 2, access: 'open', handle: candles },
  {
    method: 'GET',
    path: '/api/v3/ticker/24hr',
    socketMethod: 'ticker.24hr',
    weight: params => (isForAll(params) ? 80 : 2),
    access: 'open',
    handle: call => perListing(call, listing => dayTickerRow(listing, call.serverMs)),
  },
  {
    method: 'GET',
    path: '/api/v3/ticker/price',
    socketMethod: 'ticker.price',
    weight: params => (isForAll(params) ? 4 : 2),
    access: 'open',
    handle: call =>
      perListing(call, ({ market }) => ({
        symbol: market.instrument.symbol,
        price: priceText(market.instrument, market.lastTicks),
      })),
  },
  {
    method: 'GET',
    path: '/api/v3/ticker/bookTicker',
    socketMethod: 'ticker.book',
    weight: params => (isForAll(params) ? 4 : 2),
    access: 'open',
    handle: call => perListing(call, ({ market }) => ({ symbol: market.instrument.symbol, ...bestPrices(market) })),
  },
  {
    method: 'GET',
    path: '/api/v3/avgPrice',
    weight: 2,
    access: 'open',
    handle: call => {
      const { market } = listingOf(call)
      return { mins: 5, price: priceText(market.instrument, market.lastTicks), closeTime: call.serverMs }
    },
  },
]

function depthWeight(params: Params): number {
  const limit = params.integer('limit') ?? 100
  return limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1_000 ? 50 : 250
}

function depth(call: Call): object {
  const { market } = listingOf(call)
  const limit = call.params.limit(100, 5_000)
  return {
    lastUpdateId: market.updateId,
    bids: depthLevels(market, market.bids, limit),
    asks: depthLevels(market, market.asks, limit),
  }
}

/** Each trade is its own aggregate: takers here trade rarely enough. */
function aggregateTrades(call: Call): object {
  const { tape } = listingOf(call)
  const { params } = call
  const fromMs = params.integer('startTime') ?? 0
  const toMs = params.integer('endTime') ?? Number.POSITIVE_INFINITY
  const rows = [...tape].filter(trade => trade.atMs >= fromMs && trade.atMs <= toMs)
  const limit = params.limit(500, 1_000)
  const wanted = params.integer('startTime') === undefined ? rows.slice(-limit) : rows.slice(0, limit)
  return wanted.map(trade => {
    const { instrument } = trade.market
    const row = publicTradeRow(trade) as { readonly qty: string }
    return {
      a: trade.id,
      p: priceText(instrument, trade.priceTicks),
      q: row.qty,
      f: trade.id,
      l: trade.id,
      T: trade.atMs,
      m: trade.maker.side === 'BUY',
      M: true,
    }
  })
}

function candles(call: Call): object {
  const { market, candles: series } = listingOf(call)
  const { params } = call
  const interval = candleInterval(params.required('interval'))
  if (interval === undefined) throw new WireError(-1120, 'Invalid interval.')
  const rows = series.read({
    ...interval,
    fromMs: params.integer('startTime'),
    toMs: params.integer('endTime') ?? call.serverMs,
    limit: params.limit(500, 1_000),
  })
  return rows.map(candle => candleRow(market.instrument, candle, interval.intervalMs))
}

function isForAll(params: Params): boolean {
  return params.optional('symbol') === undefined
}

/** One row when one symbol was named, a list otherwise. */
function perListing<T>(call: Call, row: (listing: ReturnType<typeof listingOf>) => T): T | readonly T[] {
  const rows = listingsOf(call).map(row)
  const [only] = rows
  return call.params.optional('symbol') !== undefined && only !== undefined ? only : rows
}
