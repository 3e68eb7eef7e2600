import { describe, expect, it } from 'vitest'
import { Cci } from './cci.ts'
import { Macd } from './macd.ts'
import { Momentum, RateOfChange } from './momentum.ts'
import { Rsi } from './rsi.ts'
import { Stochastic } from './stochastic.ts'

const flatBar = (price: number) => ({ high: price, low: price, close: price })

describe('momentum', () => {
  it('RSI is 75 where gains are three times losses', () => {
    const rsi = new Rsi(2)
    for (const close of [10, 13, 12]) rsi.update(close)
    expect(rsi.value).toBe(75)
    // Average gain (1.5 + 1) / 2, average loss 0.5 / 2.
    expect(rsi.update(13)).toBeCloseTo(100 - 100 / 6, 12)
  })

  it('RSI of plain means forgets what has left the window', () => {
    const rsi = new Rsi(2, { averages: 'simple' })
    for (const close of [10, 13, 12, 13]) rsi.update(close)
    expect(rsi.value).toBe(50)
  })

  it('MACD of a straight line is the distance by which the slow average lags more, and its histogram is 0', () => {
    const macd = new Macd({ fast: 3, slow: 5, signal: 2 })
    for (let price = 1; price <= 20; price++) macd.update(price)
    // On a line, an EMA(n) lags by (n − 1) / 2.
    expect(macd.value?.macd).toBeCloseTo(1, 12)
    expect(macd.value?.histogram).toBeCloseTo(0, 12)
    expect(() => new Macd({ fast: 26, slow: 12 })).toThrow('MACD: expected fast below slow, was fast 26, slow 12')
  })

  it('MACD’s line is there before its signal', () => {
    const macd = new Macd({ fast: 1, slow: 2, signal: 2 })
    macd.update(1)
    macd.update(2)
    expect([macd.line, macd.isReady]).toEqual([0.5, false])
  })

  it('the stochastic is 100 at the highest high, 0 at the lowest low, and its averages follow', () => {
    const stochastic = new Stochastic({ period: 2, kPeriod: 2, dPeriod: 2 })
    const bars = [
      { high: 10, low: 5, close: 7 },
      { high: 10, low: 6, close: 10 },
      { high: 9, low: 6, close: 6 },
      { high: 10, low: 6, close: 8 },
    ]
    const said = bars.map(bar => [stochastic.update(bar), stochastic.fastK, stochastic.k])
    expect(said).toEqual([
      [undefined, undefined, undefined],
      [undefined, 100, undefined],
      [undefined, 0, 50],
      [{ fastK: 50, k: 25, d: 37.5 }, 50, 25],
    ])
  })

  it('CCI of 1, 2, 3 is 100, and of prices that stand still 0', () => {
    const cci = new Cci(3)
    for (const price of [1, 2, 3]) cci.update(flatBar(price))
    // (3 − 2) / (0.015 × 2/3)
    expect(cci.value).toBeCloseTo(100, 10)
    for (let i = 0; i < 3; i++) cci.update(flatBar(0.1))
    expect(cci.value).toBe(0)
  })

  it('momentum is a difference, rate of change a per cent', () => {
    const momentum = new Momentum(2)
    const rate = new RateOfChange(2)
    for (const price of [4, 100, 5]) {
      momentum.update(price)
      rate.update(price)
    }
    expect([momentum.value, rate.value]).toEqual([1, 25])
    rate.update(0)
    rate.update(5)
    expect(rate.update(5)).toBe(0)
  })
})
