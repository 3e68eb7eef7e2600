import { describe, expect, it } from 'vitest'
import { Atr } from './atr.ts'
import { BollingerBands } from './bollinger-bands.ts'
import { DonchianChannel } from './donchian-channel.ts'
import { Highest, Lowest } from './extremes.ts'
import { StandardDeviation } from './standard-deviation.ts'
import { TrueRange } from './true-range.ts'

describe('volatility', () => {
  it('a true range counts the gap from the close before', () => {
    const range = new TrueRange()
    expect(range.update({ high: 12, low: 10, close: 11 })).toBe(2)
    expect(range.update({ high: 16, low: 15, close: 15 })).toBe(5)
    expect(range.update({ high: 9, low: 8, close: 9 })).toBe(7)
  })

  it('ATR(2) is Wilder’s average of them, the first bar included', () => {
    const atr = new Atr(2)
    const bars = [
      { high: 12, low: 10, close: 11 },
      { high: 16, low: 15, close: 15 },
      { high: 9, low: 8, close: 9 },
    ]
    expect(bars.map(bar => atr.update(bar))).toEqual([undefined, 3.5, 5.25])
  })

  it('the standard deviation is that of the population', () => {
    const deviation = new StandardDeviation(8)
    for (const value of [2, 4, 4, 4, 5, 5, 7, 9]) deviation.update(value)
    expect(deviation.value).toBe(2)
  })

  it('Bollinger bands stand two of them around the mean', () => {
    const bands = new BollingerBands({ period: 8 })
    for (const value of [2, 4, 4, 4, 5, 5, 7, 9]) bands.update(value)
    expect(bands.value).toEqual({ middle: 5, upper: 9, lower: 1, bandWidth: 160, percentB: 1 })
    for (let i = 0; i < 8; i++) bands.update(0.1)
    expect(bands.value).toMatchObject({ bandWidth: 0, percentB: 0.5 })
  })

  it('highest and lowest forget what has left the window', () => {
    const highest = new Highest(3)
    const lowest = new Lowest(3)
    const said = [5, 1, 2, 3, 2, 2].map(value => [highest.update(value), lowest.update(value)])
    expect(said.slice(2)).toEqual([
      [5, 1],
      [3, 1],
      [3, 2],
      [3, 2],
    ])
  })

  it('the Donchian channel goes from the lowest low to the highest high', () => {
    const channel = new DonchianChannel(2)
    channel.update({ high: 10, low: 4 })
    expect(channel.update({ high: 8, low: 6 })).toEqual({ upper: 10, lower: 4, middle: 7 })
    expect(() => channel.update({ high: 5, low: 6 })).toThrow('expected high ≥ low, was high 5, low 6')
  })
})
