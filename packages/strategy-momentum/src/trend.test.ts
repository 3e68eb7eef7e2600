import { describe, expect, it } from 'vitest'
import { Trend } from './trend.ts'

const bar = (i: number, close: number) => ({
  openTime: i * 60_000,
  open: close,
  high: close + 1,
  low: close - 1,
  close,
  volume: 1,
  isClosed: true,
})

describe('a trend', () => {
  it('crosses on the one bar on which the fast average goes through the slow one', () => {
    const trend = new Trend({ fastPeriod: 1, slowPeriod: 3, atrPeriod: 1 })
    // Means of three, then half of the difference is taken: 10, 10, 11, 10.5, 9.25.
    const points = [10, 10, 10, 12, 10, 8].map((close, i) => trend.update(bar(i, close)))
    expect(points.map(point => point?.slow)).toEqual([undefined, undefined, 10, 11, 10.5, 9.25])
    expect(points.slice(2).map(point => [point?.direction, point?.hasCrossed])).toEqual([
      ['down', false],
      ['up', true],
      ['down', true],
      ['down', false],
    ])
  })

  it('takes each bar once', () => {
    const trend = new Trend({ fastPeriod: 1, slowPeriod: 2, atrPeriod: 1 })
    trend.update(bar(0, 10))
    const point = trend.update(bar(1, 12))
    expect(trend.update(bar(1, 99))).toBe(point)
    expect(trend.update(bar(0, 99))).toBe(point)
    expect(trend.lastOpenTime).toBe(60_000)
  })
})
