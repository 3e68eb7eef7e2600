import type { Listing } from '../../market/listing.ts'
import { formatUnits } from '../../matching/units.ts'
import { priceText, quantityText } from './amounts.ts'
import { bestPrices } from './depth-row.ts'

const MINUTE_MS = 60_000
const DAY_MS = 1_440 * MINUTE_MS

/** The last day of a market as figures, from its minutes. */
export interface DayFigures {
  readonly open: string
  readonly high: string
  readonly low: string
  readonly last: string
  readonly lastQty: string
  readonly change: string
  readonly changePercent: string
  readonly average: string
  readonly volume: string
  readonly quoteVolume: string
  readonly openMs: number
  readonly firstTradeId: number
  readonly lastTradeId: number
  readonly trades: number
}

/** What happened in the 24 hours up to `nowMs`. */
export function dayFigures(listing: Listing, nowMs: number): DayFigures {
  const { instrument, lastTicks } = listing.market
  const openMs = nowMs - DAY_MS
  const minutes = listing.candles.read({ intervalMs: MINUTE_MS, fromMs: openMs, toMs: nowMs, limit: 1_441 })
  const open = minutes[0]?.open ?? lastTicks
  let high = lastTicks
  let low = lastTicks
  let lots = 0
  let quote = 0n
  let trades = 0
  for (const minute of minutes) {
    high = Math.max(high, minute.high)
    low = Math.min(low, minute.low)
    lots += minute.lots
    quote += minute.quoteUnits
    trades += minute.trades
  }
  const change = BigInt(lastTicks - open) * instrument.tickUnits
  const base = BigInt(lots) * instrument.lotUnits
  const lastTrade = [...listing.tape].at(-1)
  return {
    open: priceText(instrument, open),
    high: priceText(instrument, high),
    low: priceText(instrument, low),
    last: priceText(instrument, lastTicks),
    lastQty: quantityText(instrument, lastTrade?.lots ?? 0),
    change: formatUnits(change),
    changePercent: open === 0 ? '0.000' : (((lastTicks - open) / open) * 100).toFixed(3),
    average: base === 0n ? priceText(instrument, lastTicks) : formatUnits((quote * 100_000_000n) / base),
    volume: formatUnits(base),
    quoteVolume: formatUnits(quote),
    openMs,
    firstTradeId: lastTrade === undefined ? -1 : Math.max(1, lastTrade.id - trades + 1),
    lastTradeId: lastTrade?.id ?? -1,
    trades,
  }
}

/** A market's day as a row of the ticker endpoint. */
export function dayTickerRow(listing: Listing, nowMs: number): object {
  const day = dayFigures(listing, nowMs)
  return {
    symbol: listing.market.instrument.symbol,
    priceChange: day.change,
    priceChangePercent: day.changePercent,
    weightedAvgPrice: day.average,
    prevClosePrice: day.open,
    lastPrice: day.last,
    lastQty: day.lastQty,
    ...bestPrices(listing.market),
    openPrice: day.open,
    highPrice: day.high,
    lowPrice: day.low,
    volume: day.volume,
    quoteVolume: day.quoteVolume,
    openTime: day.openMs,
    closeTime: nowMs,
    firstId: day.firstTradeId,
    lastId: day.lastTradeId,
    count: day.trades,
  }
}
