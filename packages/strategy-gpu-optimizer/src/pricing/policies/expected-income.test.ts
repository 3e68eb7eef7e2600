import { describe, expect, it } from 'vitest'
import { aimOnce } from '../../../test/pricing-input.ts'
import { hourMs, sampleMarket, startMs } from '../../../test/sample-market.ts'
import type { PricingInput } from '../pricing-policy.ts'
import { expectedIncome } from './expected-income.ts'

const none = { idleGpuHours: 0, rentedGpuHours: 0, filledGpus: 0, releasedGpus: 0 }
const target = (input: Partial<PricingInput> = {}) => aimOnce(expectedIncome(), input).targetPrice

describe('expectedIncome', () => {
  it('begins near the median of peers', () => {
    expect(target() / 0.3).toBeGreaterThan(0.8)
    expect(target() / 0.3).toBeLessThan(1.25)
  })

  it('asks more in a fuller market', () => {
    expect(target({ market: sampleMarket({ rentedShare: 0.95 }) })).toBeGreaterThan(
      target({ market: sampleMarket({ rentedShare: 0.4 }) }),
    )
  })

  it('asks more when running costs more: an hour rented is worth less', () => {
    expect(target({ runningCostPerGpuHour: 0.2 })).toBeGreaterThan(target({ runningCostPerGpuHour: 0.02 }))
  })

  it('asks less after idle days, more after quick rentals', () => {
    const first = aimOnce(expectedIncome(), {})
    const later = (evidence: Partial<typeof none>) =>
      target({
        nowMs: startMs + 100 * hourMs,
        price: first.targetPrice,
        evidence: { ...none, ...evidence },
        memory: first.memory,
      })
    const usual = later({})
    expect(later({ idleGpuHours: 100 })).toBeLessThan(usual)
    expect(later({ filledGpus: 4, releasedGpus: 4, rentedGpuHours: 98, idleGpuHours: 2 })).toBeGreaterThan(usual)
  })

  it('does not go below the floor while anybody asks that much, and says so', () => {
    const atFloor = aimOnce(expectedIncome(), { floorPerGpuHour: 0.36 })
    expect(atFloor).toMatchObject({ targetPrice: 0.36, reason: 'income-best-at-floor' })
  })

  it('leaves a floor above the whole market to the profit test', () => {
    expect(target({ floorPerGpuHour: 2 })).toBeLessThan(2)
  })

  it('says what it expects', () => {
    const { inputs } = aimOnce(expectedIncome(), {})
    expect(Object.keys(inputs)).toEqual([
      'marketMedianPerGpuHour',
      'marketRentedShare',
      'pull',
      'elasticity',
      'expectedOccupancy',
      'expectedIncomePerGpuHour',
    ])
    expect(inputs['expectedOccupancy']).toBeGreaterThan(0.3)
  })

  it('gives finite prices in a market that is all taken or all free', () => {
    for (const rentedShare of [0, 1]) expect(target({ market: sampleMarket({ rentedShare }) })).toBeGreaterThan(0)
  })

  it('begins anew with a memory that does not fit', () => {
    expect(target({ memory: { evidence: 'half' } })).toBe(target())
  })
})
