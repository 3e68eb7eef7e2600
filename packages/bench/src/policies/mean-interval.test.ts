import { describe, expect, it } from 'vitest'
import { meanInterval } from './mean-interval.ts'

describe('a mean with its interval', () => {
  it('is that of Student: 2 ± 4.303 × 1 / √3 for 1, 2, 3', () => {
    const { mean, low, high } = meanInterval([1, 2, 3])
    expect(mean).toBe(2)
    expect([low, high]).toEqual([expect.closeTo(2 - 2.4843, 3), expect.closeTo(2 + 2.4843, 3)])
  })

  it('is unbounded for one value', () => {
    expect(meanInterval([5])).toEqual({ mean: 5, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY })
  })
})
