import { AutomationError } from '@org/core'
import type { Bar } from '../bars/bar.ts'
import type { BarColumns } from '../bars/bar-columns.ts'
import { BarsSoFar } from '../bars/bars-so-far.ts'
import { Broker } from '../broker/broker.ts'
import type { BrokerOptions } from '../broker/rules.ts'
import type { ClosedTrade } from '../broker/trade.ts'

/** Decides after each bar, straight on a broker: for research, where no budget is asked and nothing is written down. */
export interface BarRule {
  /** How many bars come before the first decision beyond the one it needs itself: the index of the first bar with a value of every indicator. */
  readonly warmUp: number
  /** Called after bar `i` was taken in; may look at bars 0 to `i`. */
  step(i: number, bars: BarsSoFar, broker: Broker): void
}

export interface BarReplay {
  readonly trades: readonly ClosedTrade[]
  /** What the account was worth after each bar. */
  readonly equity: Float64Array
  readonly broker: Broker
}

/**
 * Runs one rule over the bars of one symbol: for each bar, what waits is filled, equity is noted, and the rule decides with what is known.
 *
 * @example
 * const { trades, equity } = replayBars({ symbol: 'SPY', bars, rule, broker: { cash: 10_000, ...backtestingPyRules } })
 */
export function replayBars(options: {
  readonly symbol: string
  readonly bars: BarColumns
  readonly rule: BarRule
  readonly broker: BrokerOptions
}): BarReplay {
  const { symbol, bars, rule } = options
  const broker = new Broker(options.broker)
  const known = new BarsSoFar(bars)
  const equity = new Float64Array(bars.length)
  const bar: { -readonly [K in keyof Bar]: Bar[K] } = { openTime: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 }
  const { openTime, open, high, low, close, volume } = bars
  for (let i = 0; i < bars.length; i++) {
    bar.openTime = openTime[i] as number
    bar.open = open[i] as number
    bar.high = high[i] as number
    bar.low = low[i] as number
    bar.close = close[i] as number
    bar.volume = volume[i] as number
    broker.advance(symbol, bar)
    equity[i] = broker.equity
    // The account is gone: nothing is decided any more, and it stays at what it is.
    if (broker.isRuined || i <= rule.warmUp) continue
    known.reveal(i + 1)
    rule.step(i, known, broker)
  }
  if (bars.length === 0) throw new AutomationError({ code: 'NO_BARS', message: `${symbol}: expected at least one bar` })
  if (!broker.isRuined) finish(broker, symbol, bars, rule)
  equity[bars.length - 1] = broker.equity
  return { trades: broker.closedTrades, equity, broker }
}

function finish(broker: Broker, symbol: string, bars: BarColumns, rule: BarRule): void {
  const { atEnd } = broker.rules
  if (atEnd === 'last-close') broker.closeEverything('end')
  if (atEnd !== 'last-bar-again') return
  // A close goes before what waits, so that the oldest, queued last, is closed first.
  for (const trade of [...broker.market(symbol).trades].reverse()) broker.closeTrade(trade)
  // A rule that never had its turn has nothing to finish.
  if (rule.warmUp + 1 < bars.length) broker.repeatBar(symbol, bars.at(bars.length - 1))
}
