import { describe, expect, it } from 'vitest'
import { Obv } from './obv.ts'

describe('OBV', () => {
  it('begins with the first volume, adds on a rise, takes away on a fall, stays on neither', () => {
    const obv = new Obv()
    const bars = [
      { close: 10, volume: 100 },
      { close: 11, volume: 30 },
      { close: 9, volume: 50 },
      { close: 9, volume: 70 },
    ]
    expect(bars.map(bar => obv.update(bar))).toEqual([undefined, 130, 80, 80])
  })

  it('refuses a negative volume', () => {
    expect(() => new Obv().update({ close: 1, volume: -1 })).toThrow('OBV: expected volume ≥ 0, was -1')
  })
})
