import type { VenueReader } from '@org/core'
import type { Candle, TradingQueries } from '@org/venue-trading/actions'
import { barLengthMs } from './bar-length.ts'
import type { MomentumParams } from './config.ts'
import type { Followed } from './followed.ts'
import { requireBars } from './require-bars.ts'

/** Asked beyond what the averages need, so that they have forgotten how they began. */
const warmUpPeriods = 5
const candlesMax = 1_000

/**
 * Feeds the averages of a symbol with the bars that were closed since the last one. The first time, and where bars are missing in between, they are
 * made anew from history.
 *
 * @throws TradingError `BAD_CANDLE`, `CANDLE_GAP`, and what the venue throws; the averages are as they were.
 */
export async function readBars(
  venue: VenueReader<TradingQueries>,
  followed: Followed,
  params: MomentumParams,
  nowMs: number,
): Promise<void> {
  const barMs = barLengthMs(params.timeframe)
  const next = followed.trend.lastOpenTime + barMs
  // Its end is not reached yet.
  if (nowMs < next + barMs) return
  const warmUp = nowMs - (nowMs % barMs) - warmUpBars(params) * barMs
  if (next > warmUp) {
    const bars = await closedBars(venue, followed.symbol, params, next)
    if (bars.length === 0) return
    if (bars[0]?.openTime === next) return takeIn(followed, bars)
  }
  const bars = await closedBars(venue, followed.symbol, params, warmUp)
  followed.restartTrend()
  takeIn(followed, bars)
}

function warmUpBars({ slowPeriod, atrPeriod }: MomentumParams): number {
  return Math.min(candlesMax - 1, (Math.max(slowPeriod, atrPeriod) + 1) * warmUpPeriods)
}

async function closedBars(
  venue: VenueReader<TradingQueries>,
  symbol: string,
  { timeframe }: MomentumParams,
  since: number,
): Promise<readonly Candle[]> {
  const { value } = await venue.observe('candles', { symbol, timeframe, since, limit: candlesMax })
  const closed = value.filter(({ isClosed }) => isClosed)
  requireBars(symbol, closed, barLengthMs(timeframe))
  return closed
}

/** Ticks may have brought some of them while they were asked for: those change nothing. */
function takeIn({ trend }: Followed, bars: readonly Candle[]): void {
  for (const bar of bars) trend.update(bar)
}
