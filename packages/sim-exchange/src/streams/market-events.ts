import type { Candle } from '../market/candle-series.ts'
import type { Listing } from '../market/listing.ts'
import type { DepthChanges, Market } from '../matching/market.ts'
import type { Trade } from '../matching/order.ts'
import { formatUnits } from '../matching/units.ts'
import { priceText, quantityText } from '../wire/rows/amounts.ts'
import { candleInterval } from '../wire/rows/candle-row.ts'
import { bestPrices, type DepthLevel, depthLevels } from '../wire/rows/depth-row.ts'
import { dayFigures } from '../wire/rows/ticker-row.ts'

/** A trade as the stream of trades tells it. */
export function tradeEvent(trade: Trade, atMs: number): object {
  const { instrument } = trade.market
  return {
    e: 'trade',
    E: atMs,
    s: instrument.symbol,
    t: trade.id,
    p: priceText(instrument, trade.priceTicks),
    q: quantityText(instrument, trade.lots),
    T: trade.atMs,
    m: trade.maker.side === 'BUY',
    M: true,
  }
}

/** A trade as the stream of aggregates tells it: each is its own. */
export function aggregateTradeEvent(trade: Trade, atMs: number): object {
  const { t, ...rest } = tradeEvent(trade, atMs) as { readonly t: number }
  return { ...rest, e: 'aggTrade', a: t, f: t, l: t }
}

/** The best prices; without event and time, as the exchange has it. */
export function bookTickerEvent(market: Market): object {
  const { bidPrice, bidQty, askPrice, askQty } = bestPrices(market)
  return { u: market.updateId, s: market.instrument.symbol, b: bidPrice, B: bidQty, a: askPrice, A: askQty }
}

/** The best levels of both sides. */
export function partialDepthEvent(market: Market, levels: number): object {
  return {
    lastUpdateId: market.updateId,
    bids: depthLevels(market, market.bids, levels),
    asks: depthLevels(market, market.asks, levels),
  }
}

/** What changed in a book since `fromUpdateId`: new quantities of whole levels, zero for those that are gone. */
export function depthEvent(market: Market, changes: DepthChanges, fromUpdateId: number, atMs: number): object {
  return {
    e: 'depthUpdate',
    E: atMs,
    s: market.instrument.symbol,
    U: fromUpdateId + 1,
    u: market.updateId,
    b: changedLevels(market, changes.bids, market.bids.levels),
    a: changedLevels(market, changes.asks, market.asks.levels),
  }
}

/** The day of a market; the small form has no best prices and no changes. */
export function tickerEvent(listing: Listing, form: 'full' | 'mini', atMs: number): object {
  const day = dayFigures(listing, atMs)
  const { symbol } = listing.market.instrument
  const mini = { s: symbol, c: day.last, o: day.open, h: day.high, l: day.low, v: day.volume, q: day.quoteVolume }
  if (form === 'mini') return { e: '24hrMiniTicker', E: atMs, ...mini }
  const { bidPrice, bidQty, askPrice, askQty } = bestPrices(listing.market)
  return {
    e: '24hrTicker',
    E: atMs,
    ...mini,
    p: day.change,
    P: day.changePercent,
    w: day.average,
    x: day.open,
    Q: day.lastQty,
    b: bidPrice,
    B: bidQty,
    a: askPrice,
    A: askQty,
    O: day.openMs,
    C: atMs,
    F: day.firstTradeId,
    L: day.lastTradeId,
    n: day.trades,
  }
}

/** The candle of `interval` that is open at `atMs`; undefined before the first. */
export function candleEvent(listing: Listing, interval: string, atMs: number, nowMs: number): object | undefined {
  const length = candleInterval(interval)
  if (length === undefined) return undefined
  const [candle] = listing.candles.read({ ...length, toMs: atMs, limit: 1 })
  return candle === undefined ? undefined : candleForm(listing.market, candle, interval, length.intervalMs, nowMs)
}

function candleForm(
  { instrument }: Market,
  candle: Candle,
  interval: string,
  intervalMs: number,
  nowMs: number,
): object {
  return {
    e: 'kline',
    E: nowMs,
    s: instrument.symbol,
    k: {
      t: candle.openMs,
      T: candle.openMs + intervalMs - 1,
      s: instrument.symbol,
      i: interval,
      f: -1,
      L: -1,
      o: priceText(instrument, candle.open),
      c: priceText(instrument, candle.close),
      h: priceText(instrument, candle.high),
      l: priceText(instrument, candle.low),
      v: quantityText(instrument, candle.lots),
      n: candle.trades,
      x: nowMs >= candle.openMs + intervalMs,
      q: formatUnits(candle.quoteUnits),
      V: quantityText(instrument, candle.takerBuyLots),
      Q: formatUnits(candle.takerBuyQuoteUnits),
      B: '0',
    },
  }
}

function changedLevels(
  { instrument }: Market,
  changed: ReadonlySet<number>,
  levels: readonly { readonly ticks: number; readonly lots: number }[],
): readonly DepthLevel[] {
  const lots = new Map(levels.filter(level => changed.has(level.ticks)).map(level => [level.ticks, level.lots]))
  return [...changed].map(ticks => [priceText(instrument, ticks), quantityText(instrument, lots.get(ticks) ?? 0)])
}
