import type { Candle } from '../../market/candle-series.ts'
import type { Instrument } from '../../matching/instrument.ts'
import { formatUnits } from '../../matching/units.ts'
import { priceText, quantityText } from './amounts.ts'

const MINUTE_MS = 60_000
const DAY_MS = 1_440 * MINUTE_MS
/** A Monday. */
const WEEK_ANCHOR_MS = 4 * DAY_MS

/** Intervals of candles in minutes. */
const intervalMinutes = new Map([
  ['1m', 1],
  ['3m', 3],
  ['5m', 5],
  ['15m', 15],
  ['30m', 30],
  ['1h', 60],
  ['2h', 120],
  ['4h', 240],
  ['6h', 360],
  ['8h', 480],
  ['12h', 720],
  ['1d', 1_440],
  ['3d', 4_320],
  ['1w', 10_080],
])

/** An interval's length and where intervals begin; undefined when there is no such interval. */
export function candleInterval(name: string): { readonly intervalMs: number; readonly anchorMs: number } | undefined {
  const minutes = intervalMinutes.get(name)
  if (minutes === undefined) return undefined
  return { intervalMs: minutes * MINUTE_MS, anchorMs: name === '1w' ? WEEK_ANCHOR_MS : 0 }
}

/** A candle as a row of the klines endpoint. */
export function candleRow(instrument: Instrument, candle: Candle, intervalMs: number): readonly unknown[] {
  return [
    candle.openMs,
    priceText(instrument, candle.open),
    priceText(instrument, candle.high),
    priceText(instrument, candle.low),
    priceText(instrument, candle.close),
    quantityText(instrument, candle.lots),
    candle.openMs + intervalMs - 1,
    formatUnits(candle.quoteUnits),
    candle.trades,
    quantityText(instrument, candle.takerBuyLots),
    formatUnits(candle.takerBuyQuoteUnits),
    '0',
  ]
}
