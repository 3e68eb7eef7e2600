import { describe, expect, it } from 'vitest'
import { Ema } from './ema.ts'
import { Kama } from './kama.ts'
import { MovingVwap } from './moving-vwap.ts'
import { Sma } from './sma.ts'
import { Wilder } from './wilder.ts'

const all = (indicator: { update(value: number): number | undefined }, values: readonly number[]) =>
  values.map(value => indicator.update(value))

describe('averages', () => {
  it('SMA(3) is the mean of the last three', () => {
    expect(all(new Sma(3), [1, 2, 3, 5, 10, 0])).toEqual([undefined, undefined, 2, 10 / 3, 6, 5])
  })

  it('EMA(3) begins as the mean of three and then goes half of the way', () => {
    expect(all(new Ema(3), [1, 2, 3, 5, 2.5])).toEqual([undefined, undefined, 2, 3.5, 3])
  })

  it('Wilder(4) begins as the mean of four and then goes a quarter of the way', () => {
    expect(all(new Wilder(4), [1, 2, 3, 6, 7, 4])).toEqual([undefined, undefined, undefined, 3, 4, 4])
  })

  it('KAMA(2) on a straight line follows with the weight of an EMA(2), squared', () => {
    // (2/3)² of the way from 2, the price before, to 3; then from there to 4.
    const first = 2 + 4 / 9
    const [, , third, fourth] = all(new Kama(2), [1, 2, 3, 4])
    expect(third).toBeCloseTo(first, 12)
    expect(fourth).toBeCloseTo(first + (4 / 9) * (4 - first), 12)
  })

  it('KAMA(2) of a price that comes back follows with the weight of an EMA(30), squared', () => {
    const [, , third] = all(new Kama(2), [1, 2, 1])
    expect(third).toBeCloseTo(2 - (2 / 31) ** 2, 12)
  })

  it('VWAP(2) weighs the bars’ mean prices by volume', () => {
    const vwap = new MovingVwap(2)
    vwap.update({ open: 10, high: 10, low: 10, close: 10, volume: 3 })
    expect(vwap.update({ open: 20, high: 24, low: 16, close: 20, volume: 1 })).toBe(12.5)
  })

  it.each([0, -1, 2.5, Number.NaN, 1e9])('refuse a period of %d', period => {
    expect(() => new Ema(period)).toThrow(/EMA: expected a period from 1 to 1000000 bars, was/)
  })
})
