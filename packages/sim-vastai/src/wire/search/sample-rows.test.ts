import { seededRandom } from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleRows } from './sample-rows.ts'

describe('sampleRows', () => {
  it('gives that many different rows of those there are, and leaves the list alone', () => {
    fc.assert(
      fc.property(fc.nat({ max: 50 }), fc.nat({ max: 60 }), fc.integer(), (length, count, seed) => {
        const all = Array.from({ length }, (_, i) => i)
        const found = sampleRows(all, count, seededRandom(seed))
        expect(found).toHaveLength(Math.min(length, count))
        expect(new Set(found).size).toBe(found.length)
        expect(all).toEqual(expect.arrayContaining(found))
        expect(all).toEqual(Array.from({ length }, (_, i) => i))
      }),
      { seed: 1 },
    )
  })

  it('takes each row equally often', () => {
    const random = seededRandom(7)
    const hits = new Array<number>(10).fill(0)
    const rounds = 4_000
    for (let i = 0; i < rounds; i++)
      for (const row of sampleRows([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3, random)) hits[row] = (hits[row] ?? 0) + 1
    // 3 of 10: 0.3, four standard deviations of a binomial share are 0.029.
    for (const count of hits) expect(Math.abs(count / rounds - 0.3)).toBeLessThan(0.029)
  })
})
