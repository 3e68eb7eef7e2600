import type { Ticker } from '@org/venue-trading/actions'
import { describe, expect, it } from 'vitest'
import { TickBars } from './tick-bars.ts'

const tick = (at: number, price: number | undefined, last?: string): Ticker => ({
  symbol: 'BTC/USDT',
  bid: price === undefined ? undefined : String(price - 1),
  bidQuantity: undefined,
  ask: price === undefined ? undefined : String(price + 1),
  askQuantity: undefined,
  last,
  at,
})

/** Bars of a minute, with the first one over. */
function started() {
  const bars = new TickBars(60_000)
  bars.update(tick(30_000, 5))
  expect(bars.update(tick(60_000, 10))).toBeUndefined()
  return bars
}

describe('bars of ticks', () => {
  it('end with the first tick of the next, and are made of the middle', () => {
    const bars = started()
    bars.update(tick(70_000, 14))
    bars.update(tick(80_000, 8))
    expect(bars.update(tick(119_999, 9))).toBeUndefined()
    expect(bars.update(tick(120_000, 50))).toEqual({
      openTime: 60_000,
      open: 10,
      high: 14,
      low: 8,
      close: 9,
      volume: 0,
      isClosed: true,
    })
  })

  it('are never given where they were not seen from their start', () => {
    expect(started().update(tick(120_000, 1))?.openTime).toBe(60_000)
  })

  it('without a tick do not exist', () => {
    const bars = started()
    expect(bars.update(tick(300_000, 11))?.openTime).toBe(60_000)
    expect(bars.update(tick(360_000, 11))?.openTime).toBe(300_000)
  })

  it('pass over the past, and what is no price', () => {
    const bars = started()
    for (const odd of [tick(59_999, 99), tick(90_000, Number.NaN), tick(90_000, undefined), tick(Number.NaN, 99)])
      expect(bars.update(odd)).toBeUndefined()
    expect(bars.update(tick(120_000, 10))).toMatchObject({ high: 10, low: 10 })
  })

  it('take the last price where one side is missing', () => {
    const bars = started()
    bars.update(tick(90_000, undefined, '12'))
    expect(bars.update(tick(120_000, 10))?.close).toBe(12)
  })
})
