import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom, systemRandom } from './random.ts'

const draw = (seed: number, count: number) => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => random.next())
}

describe('seededRandom', () => {
  it('repeats itself exactly under a seed', () => {
    expect(draw(7, 100)).toEqual(draw(7, 100))
    expect(draw(7, 3)).not.toEqual(draw(8, 3))
  })

  it('gives the numbers that recorded runs rest on', () => {
    expect(draw(1, 3).map(value => value.toFixed(12))).toMatchInlineSnapshot(`
      [
        "0.627073940588",
        "0.002735721180",
        "0.527447039960",
      ]
    `)
  })

  it('stays in [0, 1) and spreads evenly for any seed', () => {
    fc.assert(
      fc.property(fc.integer(), seed => {
        const values = draw(seed, 2000)
        expect(values.every(value => value >= 0 && value < 1)).toBe(true)
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length
        expect(Math.abs(mean - 0.5)).toBeLessThan(0.05)
      }),
      { numRuns: 50 },
    )
  })

  it('is not what live runs use', () => {
    expect(systemRandom.next()).not.toBe(systemRandom.next())
  })
})
