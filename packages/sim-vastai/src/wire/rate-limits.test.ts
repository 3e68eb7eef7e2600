import { describe, expect, it } from 'vitest'
import { every, RateLimiter } from './rate-limits.ts'

describe('RateLimiter', () => {
  it('keeps calls of one identity to one endpoint apart, and others free', () => {
    const limiter = new RateLimiter()
    const isFree = (endpoint: string, identity: string, nowMs: number) =>
      limiter.check(endpoint, identity, every(2), nowMs) === undefined
    expect(isFree('a', 'x', 0)).toBe(true)
    expect(isFree('a', 'x', 1_999)).toBe(false)
    expect(isFree('b', 'x', 1_999)).toBe(true)
    expect(isFree('a', 'y', 1_999)).toBe(true)
    expect(isFree('a', 'x', 2_000)).toBe(true)
  })

  it('makes who came too early wait for the penalty from then on', () => {
    const limiter = new RateLimiter()
    const isFree = (nowMs: number) =>
      limiter.check('a', 'x', { spacingMs: 4_500, penaltyMs: 12_000 }, nowMs) === undefined
    expect([isFree(0), isFree(1_000), isFree(12_999), isFree(24_999)]).toEqual([true, false, false, true])
  })

  it('counts calls in a sliding period', () => {
    const limiter = new RateLimiter()
    const isFree = (nowMs: number) => limiter.check('a', 'x', { calls: 2, perMs: 60_000 }, nowMs) === undefined
    expect([isFree(0), isFree(30_000), isFree(59_999), isFree(60_000), isFree(89_999), isFree(90_000)]).toEqual([
      ...[true, true, false],
      ...[true, false, true],
    ])
  })
})
