import { InvalidInputError } from '@org/core'
import { TradingError } from '../actions/trading-error.ts'
import type { Candle } from '../actions/views.ts'

const unitMs: { readonly [unit: string]: number } = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/**
 * How long a bar is.
 *
 * @throws {InvalidInputError} `INVALID_TIMEFRAME`
 * @example
 * timeframeMs('15m') // 900000
 */
export function timeframeMs(timeframe: string): number {
  const match = /^(\d+)([smhdw])$/.exec(timeframe)
  const ms = Number(match?.[1]) * (unitMs[match?.[2] ?? ''] ?? Number.NaN)
  if (ms > 0) return ms
  throw new InvalidInputError({
    code: 'INVALID_TIMEFRAME',
    message: `expected a timeframe such as 1m, 15m, 1h or 1d, was ${JSON.stringify(timeframe)}`,
  })
}

/**
 * Bars that indicators may rest on: oldest first, without gaps, each of them possible.
 *
 * @throws {TradingError} `BAD_CANDLE`, `CANDLE_GAP`
 */
export function checkCandles(symbol: string, timeframe: string, candles: readonly Candle[]): void {
  const lengthMs = timeframeMs(timeframe)
  let before: number | undefined
  for (const candle of candles) {
    const { openTime } = candle
    const when = new Date(openTime)
    if (!isPossible(candle))
      throw new TradingError({
        code: 'BAD_CANDLE',
        message: `${symbol} ${timeframe}: the bar of ${Number.isNaN(when.getTime()) ? String(openTime) : when.toISOString()} cannot be: ${JSON.stringify(candle)}; decide nothing on it`,
        details: { symbol, timeframe, openTime },
      })
    if (before !== undefined && openTime !== before + lengthMs)
      throw new TradingError({
        code: 'CANDLE_GAP',
        message: `${symbol} ${timeframe}: bars have a gap between ${new Date(before).toISOString()} and ${when.toISOString()}; ask again, or choose a longer timeframe`,
        details: { symbol, timeframe, from: before, to: openTime },
      })
    before = openTime
  }
}

/** Written so that NaN fails. */
function isPossible({ openTime, open, high, low, close, volume }: Candle): boolean {
  const isOrdered = low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close)
  return isOrdered && Number.isFinite(high) && volume >= 0 && Number.isFinite(volume) && Number.isFinite(openTime)
}
