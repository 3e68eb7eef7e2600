import { describe, expect, it } from 'vitest'
import { Adx } from './adx.ts'
import { Adxr } from './adxr.ts'
import { DirectionalMovement } from './directional-movement.ts'
import { PivotPoints } from './pivot-points.ts'

const rising = (i: number) => ({ high: 10 + i, low: 8 + i, close: 9 + i })

describe('trend', () => {
  it('a market that only rises has all its movement upwards, and an ADX of 100', () => {
    const adx = new Adx(3)
    const adxr = new Adxr(3)
    for (let i = 0; i < 20; i++) {
      adx.update(rising(i))
      adxr.update(rising(i))
    }
    // Each bar rises by 1 with a true range of 2.
    expect(adx.value).toEqual({ plusDi: 50, minusDi: 0, dx: 100, adx: 100 })
    expect(adxr.value).toBe(100)
  })

  it('a bar that grows as much up as down counts as neither', () => {
    const movement = new DirectionalMovement(1)
    movement.update({ high: 10, low: 8, close: 9 })
    expect(movement.update({ high: 11, low: 7, close: 9 })).toEqual({ plusDi: 0, minusDi: 0, dx: 0 })
  })

  it('a market that stands still has no movement, and no division by zero', () => {
    const adx = new Adx(2)
    for (let i = 0; i < 9; i++) adx.update({ high: 1, low: 1, close: 1 })
    expect(adx.value).toEqual({ plusDi: 0, minusDi: 0, dx: 0, adx: 0 })
  })

  it('a pivot is known as many bars later as it surmounts, and stays the resistance until the next', () => {
    const pivots = new PivotPoints(1)
    const highs = [5, 7, 6, 6, 8, 8, 5]
    const said = highs.map(high => {
      const value = pivots.update({ high, low: 1 })
      return value === undefined ? undefined : [value.pivotHigh, value.resistance, value.support]
    })
    expect(said).toEqual([
      undefined,
      undefined,
      [7, 7, undefined],
      [undefined, 7, undefined],
      [undefined, 7, undefined],
      // Two highs of 8 side by side: equals are no pivot.
      [undefined, 7, undefined],
      [undefined, 7, undefined],
    ])
  })

  it('a pivot low stays the support until the next', () => {
    const pivots = new PivotPoints(1)
    const lows = [5, 3, 4, 4, 2, 6]
    const said = lows.map(low => {
      const value = pivots.update({ high: 9, low })
      return value === undefined ? undefined : [value.pivotLow, value.support]
    })
    expect(said).toEqual([undefined, undefined, [3, 3], [undefined, 3], [undefined, 3], [2, 2]])
  })
})
