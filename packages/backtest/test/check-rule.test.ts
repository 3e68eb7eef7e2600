import { type BarColumns, type BarRule, checkLookAhead, checkRecursion } from '@org/backtest'
import { describe, expect, it } from 'vitest'
import { randomWalk } from './random-walk.ts'

const symbol = 'LEMON/USD'
const bars = randomWalk({ seed: 2, bars: 400, stepMs: 60_000 })
const options = { symbol, bars, broker: { cash: 100_000 } }

/** Buys when the close is above a level that was made from all bars at hand. */
function aboveLevel(levelOf: (bars: BarColumns, i: number) => number): (bars: BarColumns) => BarRule {
  return given => ({
    warmUp: 20,
    step(i, known, broker) {
      const isAbove = known.close(i) > levelOf(given, i)
      if (isAbove && broker.position(symbol) === 0) broker.place({ symbol, units: 1 })
      if (!isAbove && broker.position(symbol) > 0) broker.closePosition(symbol)
    },
  })
}

const meanOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length

describe('the check for look-ahead', () => {
  it('finds a level that was made from the whole history', () => {
    const rule = aboveLevel(given => meanOf(given.close))
    expect(checkLookAhead({ ...options, rule }).length).toBeGreaterThan(0)
  })

  it('finds nothing where only the past was used', () => {
    const rule = aboveLevel((given, i) => meanOf(given.close.subarray(i - 20, i)))
    expect(checkLookAhead({ ...options, rule })).toEqual([])
  })
})

describe('the check for recursion', () => {
  it('says how long a beginning is remembered', () => {
    const forgets = aboveLevel((given, i) => meanOf(given.close.subarray(i - 20, i)))
    const remembers = aboveLevel((given, i) => meanOf(given.close.subarray(0, i)))
    expect(checkRecursion({ ...options, rule: remembers }, 100)).toBeGreaterThan(
      checkRecursion({ ...options, rule: forgets }, 100),
    )
  })
})
