import { defined, geometricMeanOf, meanOf, sumOf, varianceOf } from './moments.ts'

/** What a closed trade's figures are made of. */
export interface TradeResult {
  /** Money after all commissions. */
  readonly profit: number
  /** Gain over what was paid: 0.05 is 5 %. */
  readonly returnRatio: number
  readonly entryTime: number
  readonly exitTime: number
}

/** Figures of closed trades; formulas in docs/backtest.md. `undefined`: the sample is too small. */
export interface TradeStatistics {
  readonly tradeCount: number
  readonly winRatio: number | undefined
  readonly bestTradeRatio: number | undefined
  readonly worstTradeRatio: number | undefined
  /** Geometric mean of the returns. */
  readonly averageTradeRatio: number | undefined
  /** Mean of the returns. */
  readonly expectancyRatio: number | undefined
  readonly longestTradeMs: number | undefined
  readonly averageTradeMs: number | undefined
  /** Of money: what the winners brought over what the losers cost. */
  readonly profitFactor: number | undefined
  /** Of returns, which weighs small positions like large ones. */
  readonly profitFactorOfReturns: number | undefined
  readonly systemQuality: number | undefined
  readonly kellyRatio: number | undefined
}

/** @param unitMs Durations are rounded up to it. */
export function tradeStatistics(trades: readonly TradeResult[], unitMs = 1): TradeStatistics {
  const returns = trades.map(trade => trade.returnRatio)
  const profits = trades.map(trade => trade.profit)
  const lengths = trades.map(({ entryTime, exitTime }) => exitTime - entryTime)
  const won = profits.filter(profit => profit > 0)
  const lost = profits.filter(profit => profit < 0)
  const count = trades.length
  const winRatio = count === 0 ? Number.NaN : won.length / count
  const kelly = winRatio - (1 - winRatio) / (meanOf(won) / -meanOf(lost))
  return {
    tradeCount: count,
    winRatio: defined(winRatio),
    bestTradeRatio: count === 0 ? undefined : Math.max(...returns),
    worstTradeRatio: count === 0 ? undefined : Math.min(...returns),
    averageTradeRatio: count === 0 ? undefined : geometricMeanOf(returns),
    expectancyRatio: defined(meanOf(returns)),
    longestTradeMs: count === 0 ? undefined : roundedUp(Math.max(...lengths), unitMs),
    averageTradeMs: count === 0 ? undefined : roundedUp(meanOf(lengths), unitMs),
    profitFactor: factorOf(profits),
    profitFactorOfReturns: factorOf(returns),
    systemQuality: defined((Math.sqrt(count) * meanOf(profits)) / (Math.sqrt(varianceOf(profits)) || Number.NaN)),
    kellyRatio: defined(kelly),
  }
}

export function roundedUp(ms: number, unitMs: number): number {
  return Math.ceil(ms / unitMs) * unitMs
}

function factorOf(values: readonly number[]): number | undefined {
  const losses = Math.abs(sumOf(values.filter(value => value < 0)))
  return losses === 0 ? undefined : sumOf(values.filter(value => value > 0)) / losses
}
