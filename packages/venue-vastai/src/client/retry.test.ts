import { seededRandom } from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VastAiServerError } from './errors.ts'
import { retryWaitMs } from './retry.ts'

const passing = new VastAiServerError({ message: 'busy', retryable: true })
const definite = new VastAiServerError({ message: 'busy', effect: 'unknown' })

describe('retryWaitMs', () => {
  it('gives up what must not be repeated, and after the last attempt', () => {
    expect(retryWaitMs(definite, 1, 4, seededRandom(1), undefined)).toBeUndefined()
    expect(retryWaitMs(passing, 4, 4, seededRandom(1), undefined)).toBeUndefined()
  })

  it('waits anything from nothing to a bound that doubles, up to half a minute', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 9 }), (seed, attempt) => {
        const waitMs = retryWaitMs(passing, attempt, 10, seededRandom(seed), undefined) ?? Number.NaN
        expect(waitMs).toBeGreaterThanOrEqual(0)
        expect(waitMs).toBeLessThan(Math.min(30_000, 500 * 2 ** (attempt - 1)) + 1e-9)
      }),
    )
  })

  it('spreads: waits of many clients fill the whole range', () => {
    const waits = Array.from(
      { length: 200 },
      (_, seed) => retryWaitMs(passing, 1, 4, seededRandom(seed), undefined) ?? 0,
    )
    expect(Math.min(...waits)).toBeLessThan(50)
    expect(Math.max(...waits)).toBeGreaterThan(450)
  })

  it("waits out a throttle's interval first, longer each time, at most two minutes", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 9 }), (seed, attempt) => {
        const waitMs = retryWaitMs(passing, attempt, 10, seededRandom(seed), 6000) ?? Number.NaN
        expect(waitMs).toBeGreaterThanOrEqual(Math.min(120_000, 6000 * 2 ** (attempt - 1)))
        expect(waitMs).toBeLessThan(150_001)
      }),
    )
  })
})
