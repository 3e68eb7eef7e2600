import { describe, expect, it } from 'vitest'
import { drawdownCurve, drawdownsOf } from './drawdowns.ts'
import { periodReturns, spacingOf } from './period-returns.ts'
import { runStatistics } from './statistics.ts'
import { tradeStatistics } from './trade-statistics.ts'

const dayMs = 86_400_000
/** A Monday. */
const start = Date.UTC(2026, 0, 5)
const days = (count: number) => Array.from({ length: count }, (_, i) => start + i * dayMs)

const trade = (profit: number, returnRatio: number, lengthMs = dayMs) => ({
  profit,
  returnRatio,
  entryTime: start,
  exitTime: start + lengthMs,
})

describe('figures of trades', () => {
  it('are what their formulas say', () => {
    const figures = tradeStatistics(
      [trade(30, 0.3), trade(-10, -0.1), trade(20, 0.1, 3 * dayMs), trade(-20, -0.2)],
      dayMs,
    )
    expect(figures).toMatchObject({
      tradeCount: 4,
      winRatio: 0.5,
      bestTradeRatio: 0.3,
      worstTradeRatio: -0.2,
      longestTradeMs: 3 * dayMs,
      // One day and a half, rounded up.
      averageTradeMs: 2 * dayMs,
    })
    expect(figures.expectancyRatio).toBeCloseTo(0.025, 12)
    expect(figures.averageTradeRatio).toBeCloseTo((1.3 * 0.9 * 1.1 * 0.8) ** 0.25 - 1, 12)
    expect(figures.profitFactor).toBeCloseTo(50 / 30, 12)
    expect(figures.profitFactorOfReturns).toBeCloseTo(0.4 / 0.3, 12)
    expect(figures.kellyRatio).toBeCloseTo(0.5 - 0.5 / (25 / 15), 12)
    expect(figures.systemQuality).toBeCloseTo((2 * 5) / Math.sqrt((25 ** 2 + 15 ** 2 + 15 ** 2 + 25 ** 2) / 3), 12)
  })

  it('have no value where the sample is too small for one', () => {
    expect(tradeStatistics([])).toEqual({
      tradeCount: 0,
      winRatio: undefined,
      bestTradeRatio: undefined,
      worstTradeRatio: undefined,
      averageTradeRatio: undefined,
      expectancyRatio: undefined,
      longestTradeMs: undefined,
      averageTradeMs: undefined,
      profitFactor: undefined,
      profitFactorOfReturns: undefined,
      systemQuality: undefined,
      kellyRatio: undefined,
    })
    const one = tradeStatistics([trade(5, 0.1)])
    expect([one.profitFactor, one.systemQuality, one.kellyRatio, one.winRatio]).toEqual([
      undefined,
      undefined,
      undefined,
      1,
    ])
  })
})

describe('drawdowns', () => {
  it('run from the last bar at the high to the first that is back', () => {
    const curve = drawdownCurve([100, 110, 99, 88, 110, 120, 108])
    expect(curve[3]).toBeCloseTo(0.2, 12)
    const found = drawdownsOf(curve, days(7))
    // The fall on the last bar stands beside its high: it encloses nothing yet.
    expect(found.map(({ from, to, lengthMs }) => [from, to, lengthMs / dayMs])).toEqual([[1, 4, 3]])
    expect(found[0]?.depth).toBeCloseTo(0.2, 12)
  })
})

describe('the spacing of bars', () => {
  it.each([
    ['trading days', days(14).filter(time => ![0, 6].includes(new Date(time).getUTCDay())), 'day', 252, dayMs],
    ['all days', days(14), 'day', 365, dayMs],
    ['weeks', Array.from({ length: 9 }, (_, i) => start + i * 7 * dayMs), 'week', 52, dayMs],
    ['hours', Array.from({ length: 48 }, (_, i) => start + i * 3_600_000), 'day', 252, 3_600_000],
  ])('is told for %s', (_, times, period, periodsPerYear, unitMs) => {
    expect(spacingOf(times)).toMatchObject({ period, periodsPerYear, unitMs })
  })

  it('makes one return of all bars of a day', () => {
    const hours = Array.from({ length: 72 }, (_, i) => start + i * 3_600_000)
    const returns = periodReturns(
      hours,
      hours.map((_, i) => 100 + i),
      'day',
    )
    expect(returns).toEqual([147 / 123 - 1, 171 / 147 - 1])
  })
})

describe('figures of a run', () => {
  const times = days(5)
  const equity = [100, 110, 99, 108.9, 119.79]

  it('are what their formulas say', () => {
    const trades = [{ ...trade(19.79, 0.1979), entryBar: 1, exitBar: 2, commission: 1 }]
    const figures = runStatistics({ times, equity, closes: equity, trades })
    const mean = (1.1 * 0.9 * 1.1 * 1.1) ** 0.25
    expect(figures.returnRatio).toBeCloseTo(0.1979, 12)
    expect(figures.exposureRatio).toBe(0.4)
    expect(figures.returnPerYear).toBeCloseTo(mean ** 252 - 1, 6)
    expect(figures.compoundGrowthPerYear).toBeCloseTo(1.1979 ** (365.25 / 4) - 1, 3)
    expect(figures.maxDrawdownRatio).toBeCloseTo(0.1, 12)
    // Against itself a market has a beta of 1 and nothing beyond.
    expect(figures.beta).toBeCloseTo(1, 12)
    expect(figures.alphaRatio).toBeCloseTo(0, 12)
    const perYear = figures.returnPerYear ?? 0
    expect(figures.sharpe).toBeCloseTo(perYear / (figures.volatilityPerYear ?? 0), 9)
    expect(figures.calmar).toBeCloseTo(perYear / 0.1, 3)
    expect(figures.sortino).toBeCloseTo(perYear / (Math.sqrt(0.01 / 4) * Math.sqrt(252)), 3)
  })

  it('have no value where nothing moved, or nothing lasted', () => {
    const flat = runStatistics({ times, equity: [1, 1, 1, 1, 1], trades: [] })
    expect([flat.sharpe, flat.sortino, flat.calmar, flat.averageDrawdownRatio, flat.beta]).toEqual(
      Array(5).fill(undefined),
    )
    const bar = runStatistics({ times: [start], equity: [5], trades: [] })
    expect([bar.returnPerYear, bar.compoundGrowthPerYear, bar.volatilityPerYear]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
