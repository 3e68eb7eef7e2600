import { drawdownCurve, drawdownsOf } from './drawdowns.ts'
import { defined, geometricMeanOf, meanOf, varianceOf } from './moments.ts'
import { periodReturns, spacingOf } from './period-returns.ts'
import { roundedUp, type TradeResult, type TradeStatistics, tradeStatistics } from './trade-statistics.ts'

/** What a run is judged by. */
export interface RunHistory {
  /** Starts of the bars, milliseconds since the epoch. */
  readonly times: ArrayLike<number>
  /** Worth of the account after each bar. */
  readonly equity: ArrayLike<number>
  /** The market's closes, for comparison; absent where there is no one market. */
  readonly closes?: ArrayLike<number> | undefined
  readonly trades: readonly (TradeResult & {
    readonly entryBar: number
    readonly exitBar: number
    readonly commission: number
  })[]
  /** The bar from which on buying and holding is counted. @default 0 */
  readonly firstBar?: number
}

/** All figures of a run; each has its one definition in docs/backtest.md. Ratios, not per cent. `undefined`: no value, the sample is too small. */
export interface RunStatistics extends TradeStatistics {
  readonly startTime: number
  readonly endTime: number
  readonly lengthMs: number
  /** Share of bars in which something was held. */
  readonly exposureRatio: number
  readonly equityFinal: number
  readonly equityPeak: number
  readonly commissions: number
  readonly returnRatio: number
  readonly buyAndHoldRatio: number | undefined
  readonly returnPerYear: number | undefined
  readonly volatilityPerYear: number | undefined
  readonly compoundGrowthPerYear: number | undefined
  readonly sharpe: number | undefined
  readonly sortino: number | undefined
  readonly calmar: number | undefined
  readonly alphaRatio: number | undefined
  readonly beta: number | undefined
  /** Positive: 0.2 is a fall by 20 %. */
  readonly maxDrawdownRatio: number
  readonly averageDrawdownRatio: number | undefined
  readonly longestDrawdownMs: number | undefined
  readonly averageDrawdownMs: number | undefined
}

const yearMs = 365.25 * 86_400_000

/** Judges a run. At least one bar. */
export function runStatistics(history: RunHistory): RunStatistics {
  const { times, equity, closes, trades, firstBar = 0 } = history
  const last = times.length - 1
  const startTime = times[0] as number
  const endTime = times[last] as number
  const lengthMs = endTime - startTime
  const spacing = spacingOf(times)
  const equityFinal = equity[last] as number
  const growth = equityFinal / (equity[0] as number)
  const curve = drawdownCurve(equity)
  const maxDrawdownRatio = curve.reduce((most, value) => Math.max(most, value), 0)
  const drawdowns = drawdownsOf(curve, times)
  const yearly = yearlyFigures(periodReturns(times, equity, spacing.period), spacing.periodsPerYear)
  const market = closes === undefined ? undefined : againstMarket(equity, closes, growth - 1, firstBar)
  return {
    ...tradeStatistics(trades, spacing.unitMs),
    startTime,
    endTime,
    lengthMs,
    exposureRatio: exposureOf(trades, times.length),
    equityFinal,
    equityPeak: maximumOf(equity),
    commissions: trades.reduce((sum, { commission }) => sum + commission, 0),
    returnRatio: growth - 1,
    buyAndHoldRatio: market?.buyAndHold,
    returnPerYear: defined(yearly.return),
    volatilityPerYear: defined(yearly.volatility),
    compoundGrowthPerYear: lengthMs === 0 ? undefined : defined(growth ** (yearMs / lengthMs) - 1),
    sharpe: defined(yearly.return / (yearly.volatility || Number.NaN)),
    sortino: defined(yearly.return / yearly.downside),
    calmar: defined(yearly.return / (maxDrawdownRatio || Number.NaN)),
    alphaRatio: market === undefined ? undefined : defined(market.alpha),
    beta: market === undefined ? undefined : defined(market.beta),
    maxDrawdownRatio,
    averageDrawdownRatio: defined(meanOf(drawdowns.map(({ depth }) => depth))),
    longestDrawdownMs:
      drawdowns.length === 0
        ? undefined
        : roundedUp(Math.max(...drawdowns.map(({ lengthMs: ms }) => ms)), spacing.unitMs),
    averageDrawdownMs:
      drawdowns.length === 0 ? undefined : roundedUp(meanOf(drawdowns.map(({ lengthMs: ms }) => ms)), spacing.unitMs),
  }
}

function yearlyFigures(returns: readonly number[], periods: number) {
  const mean = geometricMeanOf(returns)
  const downsideSquares = returns.map(value => Math.min(value, 0) ** 2)
  return {
    return: (1 + mean) ** periods - 1,
    volatility: Math.sqrt((varianceOf(returns) + (1 + mean) ** 2) ** periods - (1 + mean) ** (2 * periods)),
    downside: Math.sqrt(meanOf(downsideSquares)) * Math.sqrt(periods),
  }
}

/** A hot path over all bars, twice: means first, then what varies around them. */
function againstMarket(equity: ArrayLike<number>, closes: ArrayLike<number>, returnRatio: number, firstBar: number) {
  const ours = logReturns(equity)
  const theirs = logReturns(closes)
  const { length } = ours
  let [ourSum, theirSum] = [0, 0]
  for (let i = 0; i < length; i++) {
    ourSum += ours[i] as number
    theirSum += theirs[i] as number
  }
  const [ourMean, theirMean] = [ourSum / length, theirSum / length]
  let [both, alone] = [0, 0]
  for (let i = 0; i < length; i++) {
    const market = (theirs[i] as number) - theirMean
    both += ((ours[i] as number) - ourMean) * market
    alone += market * market
  }
  const beta = both / alone
  const buyAndHold = (closes[closes.length - 1] as number) / (closes[firstBar] as number) - 1
  return { beta, buyAndHold, alpha: returnRatio - beta * buyAndHold }
}

function logReturns(values: ArrayLike<number>): Float64Array {
  const returns = new Float64Array(Math.max(0, values.length - 1))
  for (let i = 0; i < returns.length; i++) {
    const [before, after] = [values[i] as number, values[i + 1] as number]
    returns[i] = before === after && before > 0 ? 0 : Math.log(after / before)
  }
  return returns
}

/** Share of bars from an entry to its exit, both counted. */
function exposureOf(trades: RunHistory['trades'], bars: number): number {
  const held = new Uint8Array(bars)
  for (const { entryBar, exitBar } of trades) held.fill(1, Math.max(0, entryBar), exitBar + 1)
  return held.reduce((sum, value) => sum + value, 0) / bars
}

function maximumOf(values: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i] as number)
  return most
}
