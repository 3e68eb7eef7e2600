import { BarColumns, type Quote } from '@org/backtest'
import type { Random } from '@org/core'

const cents = (price: number) => Math.max(1, Math.round(price * 100)) / 100

/** Hourly bars of a market with trends that come and go. Made up: with prices of your own, `streamBars('prices.csv')` stands here. */
export function hourlyBars(random: Random, startMs: number, hours: number): BarColumns {
  const bars = new BarColumns(hours)
  let price = 100
  let trend = 0
  for (let i = 0; i < hours; i++) {
    trend = 0.98 * trend + 0.0006 * (random.next() - 0.5)
    const open = cents(price)
    const close = cents(price * (1 + trend + 0.01 * (random.next() - 0.5)))
    const high = cents(Math.max(open, close) * (1 + 0.003 * random.next()))
    const low = cents(Math.min(open, close) * (1 - 0.003 * random.next()))
    bars.set(i, { openTime: startMs + i * 3_600_000, open, high, low, close, volume: 1 })
    price = close
  }
  return bars
}

/** Quotes of one asset at two places that follow the same price and sometimes drift apart. */
export function twoPlaces(
  random: Random,
  startMs: number,
  quotes: number,
  stepMs: number,
): readonly [Quote[], Quote[]] {
  const [north, south]: [Quote[], Quote[]] = [[], []]
  let price = 50
  let apart = 0
  for (let i = 0; i < quotes; i++) {
    price *= 1 + 0.002 * (random.next() - 0.5)
    apart = 0.9 * apart + 0.002 * (random.next() - 0.5)
    const at = startMs + i * stepMs
    for (const [place, side] of [
      [north, 1],
      [south, -1],
    ] as const) {
      const middle = price * (1 + (side * apart) / 2)
      place.push({ at, bid: cents(middle * 0.9998), ask: cents(middle * 1.0002) })
    }
  }
  return [north, south]
}
