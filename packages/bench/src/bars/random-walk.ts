import { BarColumns } from '@org/backtest'
import { seededRandom } from '@org/core'

/** A made-up market with prices of two digits after the point; the same each time. */
export function randomWalk(count: number, stepMs: number, volatility = 0.001): BarColumns {
  const random = seededRandom(7)
  const columns = new BarColumns(count)
  const cents = (value: number) => Math.max(1, Math.round(value * 100)) / 100
  let price = 100
  for (let i = 0; i < count; i++) {
    const open = price
    const close = cents(open * (1 + (random.next() - 0.5) * 2 * volatility))
    const high = Math.max(open, close, cents(Math.max(open, close) * (1 + (random.next() * volatility) / 2)))
    const low = Math.min(open, close, cents(Math.min(open, close) * (1 - (random.next() * volatility) / 2)))
    columns.set(i, { openTime: i * stepMs, open, high, low, close, volume: 1 })
    price = close
  }
  return columns
}
