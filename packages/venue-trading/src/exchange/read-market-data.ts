import { Decimal } from '@org/core'
import { z } from 'zod'
import type { BookLevel, Candle, OrderBook, Ticker } from '../actions/views.ts'
import { ExchangeError } from './exchange-error.ts'
import { amount, optionalAmount, readAnswer, time } from './read-answer.ts'

const tickerSchema = z.object({
  bid: optionalAmount,
  bidVolume: optionalAmount,
  ask: optionalAmount,
  askVolume: optionalAmount,
  last: optionalAmount,
  timestamp: time,
})

/** @param asOf When it was asked for, where the exchange does not say of when it is. */
export function readTicker(exchange: string, symbol: string, answer: unknown, asOf: number): Ticker {
  const { bid, bidVolume, ask, askVolume, last, timestamp } = readAnswer(exchange, 'ticker', tickerSchema, answer)
  if (bid !== undefined && ask !== undefined) requireUncrossed(exchange, symbol, bid, ask)
  return { symbol, bid, bidQuantity: bidVolume, ask, askQuantity: askVolume, last, at: noLater(timestamp, asOf) }
}

/** What nobody quotes, and what no answer was given for. */
export function emptyTicker(symbol: string, at: number): Ticker {
  const none = undefined
  return { symbol, bid: none, bidQuantity: none, ask: none, askQuantity: none, last: none, at }
}

const levelSchema = z.tuple([amount, amount]).rest(z.unknown())
const bookSchema = z.object({ bids: z.array(levelSchema), asks: z.array(levelSchema), timestamp: time })

/** @throws {ExchangeError} `BOOK_CROSSED`, `MALFORMED_ANSWER` */
export function readOrderBook(
  exchange: string,
  symbol: string,
  levels: number,
  answer: unknown,
  asOf: number,
): { readonly book: OrderBook; readonly at: number } {
  const { bids, asks, timestamp } = readAnswer(exchange, 'order book', bookSchema, answer)
  // ccxt sorts text as text.
  const best = (rows: typeof bids, sign: 1 | -1): readonly BookLevel[] =>
    rows
      .map(([price, quantity]): BookLevel => [price, quantity])
      .filter(([, quantity]) => Decimal.of(quantity).isPositive)
      .sort(([a], [b]) => sign * Decimal.of(a).compare(b))
      .slice(0, levels)
  const book: OrderBook = { symbol, bids: best(bids, -1), asks: best(asks, 1) }
  const [bid, ask] = [book.bids[0]?.[0], book.asks[0]?.[0]]
  if (bid !== undefined && ask !== undefined) requireUncrossed(exchange, symbol, bid, ask)
  return { book, at: noLater(timestamp, asOf) }
}

function requireUncrossed(exchange: string, symbol: string, bid: string, ask: string): void {
  if (Decimal.of(bid).compare(ask) < 0) return
  throw new ExchangeError({
    code: 'BOOK_CROSSED',
    message: `${exchange}: the book of ${symbol} is crossed: bid ${bid}, ask ${ask}; decide nothing on it and look again`,
    retryable: true,
    details: { symbol, bid, ask },
  })
}

/**
 * Bars oldest first.
 *
 * @param lengthMs Of one bar; `undefined` where bars differ in length, as months do.
 * @param askedAt A bar that ended later was still running when it was asked for.
 * @throws {ExchangeError} `BAD_CANDLE` for a bar that cannot be, `CANDLE_GAP` where one is missing or comes twice.
 */
export function readCandles(
  exchange: string,
  symbol: string,
  rows: readonly unknown[],
  lengthMs: number | undefined,
  askedAt: number,
): readonly Candle[] {
  const candles: Candle[] = []
  for (const row of rows) {
    const [openTime, open, high, low, close, volume] = (Array.isArray(row) ? row : []).map(numberOf)
    const candle = { openTime, open, high, low, close, volume }
    if (!isCandle(candle))
      throw new ExchangeError({
        code: 'BAD_CANDLE',
        message: `${exchange}: a candle of ${symbol} cannot be: ${JSON.stringify(row)?.slice(0, 120)}; decide nothing on it`,
        details: { symbol, openTime },
      })
    const before = candles.at(-1)?.openTime
    const step = before === undefined ? lengthMs : candle.openTime - before
    if (before !== undefined && (lengthMs === undefined ? (step ?? 0) <= 0 : step !== lengthMs))
      throw new ExchangeError({
        code: 'CANDLE_GAP',
        message: `${exchange}: candles of ${symbol} have a gap between ${new Date(before).toISOString()} and ${new Date(candle.openTime).toISOString()}; ask again, or choose a longer timeframe`,
        details: { symbol, from: before, to: candle.openTime },
      })
    const end = lengthMs === undefined ? undefined : candle.openTime + lengthMs
    candles.push({ ...candle, isClosed: end !== undefined && end <= askedAt })
  }
  // Of bars without a fixed length every one but the newest has ended.
  return lengthMs === undefined
    ? candles.map((candle, i) => ({ ...candle, isClosed: i < candles.length - 1 }))
    : candles
}

type Numbers = { readonly [name in keyof Omit<Candle, 'isClosed'>]: number | undefined }

function isCandle(candle: Numbers): candle is Omit<Candle, 'isClosed'> {
  const { openTime, open, high, low, close, volume } = candle
  const isWhole = [openTime, open, high, low, close, volume].every(
    value => value !== undefined && Number.isFinite(value) && value >= 0,
  )
  if (!isWhole || low === undefined || high === undefined || open === undefined || close === undefined) return false
  return low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close)
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN
}

/** The exchange's own time where it says one; a clock of its own that is ahead makes nothing newer than now. */
function noLater(timestamp: number | undefined, now: number): number {
  return timestamp === undefined || timestamp <= 0 ? now : Math.min(timestamp, now)
}
