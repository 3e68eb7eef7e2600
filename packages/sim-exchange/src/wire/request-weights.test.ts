import { describe, expect, it } from 'vitest'
import { OrderCounts, RequestWeights } from './request-weights.ts'

const startMs = Date.UTC(2026, 0, 1)

describe('request weights', () => {
  it('count by calendar minute and say how long to wait', () => {
    const weights = new RequestWeights({ weightPerMinute: 10 })
    expect(weights.take(10, startMs + 50_000)).toEqual({ kind: 'passed' })
    expect(weights.take(1, startMs + 50_000)).toEqual({ kind: 'limited', retryAfterS: 10 })
    expect(weights.take(1, startMs + 60_000)).toEqual({ kind: 'passed' })
    expect(weights.used).toBe(1)
  })

  it('ban who goes on, twice as long each time', () => {
    const weights = new RequestWeights({ weightPerMinute: 1 })
    let nowMs = startMs
    const bannedFor = () => {
      for (let i = 0; i < 100; i++) {
        const verdict = weights.take(1, nowMs)
        if (verdict.kind === 'banned') return verdict.retryAfterS
      }
      return 0
    }
    expect(bannedFor()).toBe(120)
    nowMs += 120_000
    expect(bannedFor()).toBe(240)
  })
})

describe('order counts', () => {
  it('refuse the order too many, in ten seconds and in a day', () => {
    const counts = new OrderCounts()
    const limits = { weightPerMinute: 1, ordersPerTenSeconds: 2, ordersPerDay: 3 }
    const take = (atMs: number) => counts.take(limits, startMs + atMs)
    expect([take(0), take(1), take(2)]).toEqual([true, true, false])
    expect([take(10_000), take(20_000)]).toEqual([true, false])
    expect([counts.perTenSeconds, counts.perDay]).toEqual([0, 3])
    expect(take(86_400_000)).toBe(true)
  })
})
