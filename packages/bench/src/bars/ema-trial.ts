import { replayBars, runStatistics, type Trial } from '@org/backtest'
import { emaRule } from './ema-rule.ts'
import { randomWalk } from './random-walk.ts'

const symbol = 'LEMON/USD'
/** Ten years of trading days. */
const bars = randomWalk(2_520, 86_400_000, 0.02)

export const trial: Trial = ({ parameters }) => {
  const { fast, slow } = parameters as { readonly fast: number; readonly slow: number }
  const rule = emaRule(symbol, fast, slow)
  const { equity, trades } = replayBars({ symbol, bars, rule, broker: { cash: 100_000, commission: 0.0005 } })
  const statistics = runStatistics({ times: bars.openTime, equity, closes: bars.close, trades })
  return { score: statistics.sharpe, figures: { trades: statistics.tradeCount } }
}
