import type { BarRule } from '@org/backtest'
import { Ema } from '@org/indicators'

/** Buys when the fast average rises above the slow one, and closes when it falls below. */
export function emaRule(symbol: string, fast: number, slow: number): BarRule {
  const [quick, steady] = [new Ema(fast), new Ema(slow)]
  let before = 0
  return {
    warmUp: -1,
    step(i, known, broker) {
      const close = known.close(i)
      const [a, b] = [quick.update(close), steady.update(close)]
      if (a === undefined || b === undefined) return
      const now = a - b
      if (before < 0 && now > 0) broker.place({ symbol, units: 1 })
      if (before > 0 && now < 0) broker.closePosition(symbol)
      before = now
    },
  }
}
