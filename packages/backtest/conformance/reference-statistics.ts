/** Our figures under the reference's names and in its units: per cent, seconds, falls as negative numbers. */
import type { RunStatistics } from '@org/backtest'

export function referenceStatistics(run: RunStatistics): Record<string, number | string | undefined> {
  return {
    Start: timeText(run.startTime),
    End: timeText(run.endTime),
    Duration: run.lengthMs / 1000,
    'Exposure Time [%]': run.exposureRatio * 100,
    'Equity Final [$]': run.equityFinal,
    'Equity Peak [$]': run.equityPeak,
    // The reference leaves the line out where nothing was paid.
    'Commissions [$]': run.commissions === 0 ? undefined : run.commissions,
    'Return [%]': run.returnRatio * 100,
    'Buy & Hold Return [%]': percent(run.buyAndHoldRatio),
    'Return (Ann.) [%]': percent(run.returnPerYear),
    'Volatility (Ann.) [%]': percent(run.volatilityPerYear),
    'CAGR [%]': percent(run.compoundGrowthPerYear),
    'Sharpe Ratio': run.sharpe,
    'Sortino Ratio': run.sortino,
    'Calmar Ratio': run.calmar,
    'Alpha [%]': percent(run.alphaRatio),
    Beta: run.beta,
    'Max. Drawdown [%]': run.maxDrawdownRatio * -100,
    'Avg. Drawdown [%]': run.averageDrawdownRatio === undefined ? undefined : run.averageDrawdownRatio * -100,
    'Max. Drawdown Duration': seconds(run.longestDrawdownMs),
    'Avg. Drawdown Duration': seconds(run.averageDrawdownMs),
    '# Trades': run.tradeCount,
    'Win Rate [%]': percent(run.winRatio),
    'Best Trade [%]': percent(run.bestTradeRatio),
    'Worst Trade [%]': percent(run.worstTradeRatio),
    'Avg. Trade [%]': percent(run.averageTradeRatio),
    'Max. Trade Duration': seconds(run.longestTradeMs),
    'Avg. Trade Duration': seconds(run.averageTradeMs),
    'Profit Factor': run.profitFactorOfReturns,
    'Expectancy [%]': percent(run.expectancyRatio),
    SQN: run.systemQuality,
    'Kelly Criterion': run.kellyRatio,
  }
}

function percent(ratio: number | undefined): number | undefined {
  return ratio === undefined ? undefined : ratio * 100
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19)
}
