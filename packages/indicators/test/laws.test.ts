import { InvalidInputError } from '@org/core'
import { Kama, MovingVwap, Rsi, Sma, StandardDeviation } from '@org/indicators'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { longSeries, someBars } from './bars.ts'
import { type Case, cases } from './cases.ts'
import * as naive from './naive.ts'

const aPeriod = fc.integer({ min: 1, max: 9 })

/** Equal up to rounding; a ratio of numbers that are nearly zero keeps fewer digits than its inputs. */
function expectClose(value: number | undefined, expected: number | undefined, where: string): void {
  if (value === undefined || expected === undefined) {
    expect(value, where).toBe(expected)
    return
  }
  const tolerance = 1e-6 * Math.max(1, Math.abs(expected))
  expect(Math.abs(value - expected), `${where}: ${value}, expected ${expected}`).toBeLessThanOrEqual(tolerance)
}

describe.each(cases.map((each): [string, Case] => [each.name, each]))('%s', (_, { make, batch, scales }) => {
  it('equals its textbook definition, computed anew from the whole list, at every bar', () => {
    fc.assert(
      fc.property(someBars, aPeriod, (bars, period) => {
        const indicator = make(period)
        const expected = batch(bars, period)
        for (const [i, bar] of bars.entries()) {
          expectClose(indicator.update(bar), expected[i], `bar ${i}`)
          expectClose(indicator.value, expected[i], `value at bar ${i}`)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('is ready after exactly as many bars as it says', () => {
    fc.assert(
      fc.property(someBars, aPeriod, (bars, period) => {
        const indicator = make(period)
        for (const [i, bar] of bars.entries()) {
          indicator.update(bar)
          expect(indicator.isReady).toBe(i + 1 >= indicator.warmUp)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('goes on after a restart at any bar as if nothing had happened, to the last bit', () => {
    fc.assert(
      fc.property(someBars, aPeriod, fc.nat(60), (bars, period, stopAt) => {
        const steady = make(period)
        let restarted = make(period)
        for (const [i, bar] of bars.entries()) {
          if (i === stopAt) {
            const kept = JSON.stringify(restarted.snapshot())
            restarted = make(period)
            restarted.restore(JSON.parse(kept))
          }
          expect(restarted.update(bar) === steady.update(bar)).toBe(true)
        }
        expect(JSON.stringify(restarted.snapshot())).toBe(JSON.stringify(steady.snapshot()))
      }),
      { numRuns: 30 },
    )
  })

  if (scales !== undefined)
    it(scales === 'with-prices' ? 'doubles when all prices double' : 'stays when all prices double', () => {
      fc.assert(
        fc.property(someBars, aPeriod, (bars, period) => {
          const indicator = make(period)
          const doubled = make(period)
          for (const bar of bars) {
            const value = indicator.update(bar)
            const { open, high, low, close, volume } = bar
            const other = doubled.update({ open: 2 * open, high: 2 * high, low: 2 * low, close: 2 * close, volume })
            // A factor of two changes no digit of a floating-point number.
            const expected = value === undefined || scales === 'not-at-all' ? value : 2 * value
            expect(other === expected, `${other}, expected ${expected}`).toBe(true)
          }
        }),
        { numRuns: 30 },
      )
    })

  it('refuses bars that cannot be right, in one line, and is as it was before', () => {
    const good = { open: 10, high: 12, low: 9, close: 11, volume: 5 }
    const indicator = make(3)
    for (let i = 0; i < 40; i++) indicator.update({ ...good, close: 10 + (i % 3) / 2 })
    const before = JSON.stringify(indicator.snapshot())
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const bar = { open: wrong, high: wrong, low: wrong, close: wrong, volume: wrong }
      expect(() => indicator.update(bar)).toThrow(InvalidInputError)
      expect(() => indicator.update(bar)).toThrow(/^[^\n]+expected .+, was [^\n]+; skip or repair the bar$/)
      expect(JSON.stringify(indicator.snapshot())).toBe(before)
    }
  })

  it('refuses a snapshot of another indicator, a cut one and a damaged one, and is as it was before', () => {
    const bars = fc.sample(someBars, { numRuns: 1, seed: 7 })[0] ?? []
    const indicator = make(4)
    for (const bar of bars) indicator.update(bar)
    const { name, state } = indicator.snapshot()
    const before = JSON.stringify(indicator.snapshot())
    for (const wrong of [
      undefined,
      null,
      'EMA',
      { name: 'other', state },
      { name },
      { name, state: state.slice(0, -1) },
      { name, state: [...state, 0] },
      { name, state: [...state.slice(0, -1), null] },
    ]) {
      expect(() => indicator.restore(wrong)).toThrow(InvalidInputError)
      expect(JSON.stringify(indicator.snapshot())).toBe(before)
    }
  })
})

describe('after a million bars', () => {
  const count = 1_000_000
  const level = 1e6
  const period = 50
  const last = [...longSeries(count, level)].slice(-period - 1)
  const window = last.slice(1)

  it('a mean has not drifted from the mean of its window', () => {
    const sma = new Sma(period)
    for (const price of longSeries(count, level)) sma.update(price)
    expect(Math.abs((sma.value ?? 0) - naive.mean(window))).toBeLessThan(1e-8)
  })

  it('a standard deviation keeps its digits although prices are a million times their moves', () => {
    const deviation = new StandardDeviation(period)
    for (const price of longSeries(count, level)) deviation.update(price)
    const expected = naive.deviation(window.map(price => price - level))
    expect(Math.abs((deviation.value ?? 0) / expected - 1)).toBeLessThan(1e-8)
  })

  it('an RSI of plain means has not drifted either', () => {
    const rsi = new Rsi(period, { averages: 'simple' })
    for (const price of longSeries(count, level)) rsi.update(price)
    const expected = naive.rsi(last, period, naive.simple).at(-1) ?? 0
    expect(Math.abs((rsi.value ?? 0) - expected)).toBeLessThan(1e-6)
  })

  it('a sum from which the oldest is taken away would have: the test can fail', () => {
    let sum = 0
    const ring: number[] = []
    for (const [i, price] of [...longSeries(count, level)].entries()) {
      sum += price / 3 - (ring[i % period] ?? 0)
      ring[i % period] = price / 3
    }
    expect(Math.abs(sum - naive.sum(window.map(price => price / 3)))).toBeGreaterThan(1e-8)
  })
})

describe('after a spike that has left the window', () => {
  const prices = [100.01, 100.02, 1e12, 100.03, 100.01, 100.02, 100.04, 100.02]
  const window = prices.slice(-4)

  it('mean and deviation have all their digits', () => {
    const sma = new Sma(4)
    const deviation = new StandardDeviation(4)
    for (const price of prices) {
      sma.update(price)
      deviation.update(price)
    }
    expect(sma.value).toBeCloseTo(naive.mean(window), 10)
    expect(deviation.value).toBeCloseTo(naive.deviation(window), 10)
  })
})

describe('where there is nothing to divide by', () => {
  const flat = { open: 0.3, high: 0.3, low: 0.3, close: 0.3, volume: 0 }
  const wild = { open: 0.1, high: 0.7, low: 0.1, close: 0.3, volume: 0.1 }

  it('no volume in the window gives no average price, not one made of rounding', () => {
    const vwap = new MovingVwap(3)
    for (const bar of [wild, { ...wild, volume: 0.2 }, { ...wild, volume: 0.7 }, { ...wild, volume: 0.3 }])
      vwap.update(bar)
    expect(vwap.value).toBeGreaterThan(0)
    vwap.update(flat)
    vwap.update(flat)
    expect(vwap.update(flat)).toBeUndefined()
  })

  it('a market that stands still moves no KAMA and is an RSI of 100, as in LEAN', () => {
    const kama = new Kama(3)
    const rsi = new Rsi(3)
    for (let i = 0; i < 6; i++) {
      kama.update(0.3)
      rsi.update(0.3)
    }
    expect([kama.value, rsi.value]).toEqual([0.3, 100])
  })
})
