import { BarColumns } from '@org/backtest'
import { seededRandom } from '@org/core'

/** A made-up market: the same seed gives the same bars. Prices have two digits after the point. */
export function randomWalk(options: {
  readonly seed: number
  readonly bars: number
  readonly stepMs: number
  readonly startMs?: number
  /** Typical change of a bar, as a share of the price. @default 0.001 */
  readonly volatility?: number
}): BarColumns {
  const { seed, bars, stepMs, startMs = Date.UTC(2025, 0, 1), volatility = 0.001 } = options
  const random = seededRandom(seed)
  const columns = new BarColumns(bars)
  const cents = (value: number) => Math.max(1, Math.round(value * 100)) / 100
  let price = 100
  for (let i = 0; i < bars; i++) {
    const change = () => 1 + (random.next() - 0.5) * 2 * volatility
    const open = cents(price)
    const close = cents(price * change() * change())
    const high = cents(Math.max(open, close) * (1 + random.next() * volatility))
    const low = cents(Math.min(open, close) * (1 - random.next() * volatility))
    columns.set(i, { openTime: startMs + i * stepMs, open, high, low, close, volume: 1 })
    price = close
  }
  return columns
}
