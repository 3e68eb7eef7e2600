import { type Candle, TradingError } from '@org/venue-trading/actions'

/**
 * Bars that averages can rest on: prices that are prices, one after the other without a gap.
 *
 * @throws TradingError `BAD_CANDLE`, `CANDLE_GAP`; both may be over at the next look.
 */
export function requireBars(symbol: string, bars: readonly Candle[], barMs: number): void {
  let expected = bars[0]?.openTime
  for (const bar of bars) {
    if (!isReadable(bar))
      throw new TradingError({
        code: 'BAD_CANDLE',
        message: `the bar of ${symbol} at ${timeText(bar.openTime)} holds what is no price; nothing is decided from it, it is asked for again`,
        retryable: true,
        details: { symbol },
      })
    if (bar.openTime !== expected)
      throw new TradingError({
        code: 'CANDLE_GAP',
        message: `the bar of ${symbol} at ${timeText(expected)} is missing; nothing is decided from those after it, they are asked for again`,
        retryable: true,
        details: { symbol },
      })
    expected = bar.openTime + barMs
  }
}

function isReadable({ open, high, low, close, openTime }: Candle): boolean {
  const areNumbers = Number.isFinite(openTime) && [open, high, low, close].every(price => Number.isFinite(price))
  return areNumbers && low > 0 && high >= Math.max(open, close) && low <= Math.min(open, close)
}

function timeText(ms: number | undefined): string {
  return ms !== undefined && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : String(ms)
}
