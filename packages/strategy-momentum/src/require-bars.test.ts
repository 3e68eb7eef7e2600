import { describe, expect, it } from 'vitest'
import { requireBars } from './require-bars.ts'

const bar = (openTime: number, change: object = {}) => ({
  openTime,
  open: 10,
  high: 12,
  low: 9,
  close: 11,
  volume: 1,
  isClosed: true,
  ...change,
})
const judge = (...bars: ReturnType<typeof bar>[]) => requireBars('BTC/USDT', bars, 60_000)

describe('bars to decide from', () => {
  it('are prices, one after the other', () => {
    expect(() => judge()).not.toThrow()
    expect(() => judge(bar(60_000), bar(120_000), bar(180_000))).not.toThrow()
  })

  it.each([
    ['not a number', { close: Number.NaN }],
    ['infinite', { high: Number.POSITIVE_INFINITY }],
    ['zero', { low: 0 }],
    ['high below close', { high: 10.5 }],
    ['low above open', { low: 10.5 }],
  ])('refuse one that is %s, and say which', (_, change) => {
    expect(() => judge(bar(60_000), bar(120_000, change))).toThrow(
      expect.objectContaining({ code: 'BAD_CANDLE', retryable: true, message: expect.stringContaining('00:02:00') }),
    )
  })

  it('refuse a gap, and say what is missing', () => {
    for (const second of [180_000, 60_000, 90_000])
      expect(() => judge(bar(60_000), bar(second))).toThrow(
        expect.objectContaining({ code: 'CANDLE_GAP', message: expect.stringContaining('00:02:00') }),
      )
  })
})
