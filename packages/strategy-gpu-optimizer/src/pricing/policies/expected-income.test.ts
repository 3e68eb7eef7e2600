import { describe, expect, it } from 'vitest'
import { aimOnce } from '../../../test/pricing-input.ts'
import { hourMs, sampleMarket, startMs } from '../../../test/sample-market.ts'
import type { PricingInput } from '../pricing-policy.ts'
import { expectedIncome } from './expected-income.ts'

const none = { bidGpuHours: 0, idleGpuHours: 0, rentedGpuHours: 0, filledGpus: 0, releasedGpus: 0 }
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
    expect(later({ bidGpuHours: 0, idleGpuHours: 100 })).toBeLessThan(usual)
    expect(
      later({ filledGpus: 4, releasedGpus: 4, rentedGpuHours: 98, bidGpuHours: 0, idleGpuHours: 2 }),
    ).toBeGreaterThan(usual)
  })

  it('asks more where bids use the hours in which nobody pays the price', () => {
    const first = aimOnce(expectedIncome(), {})
    const later = (bidGpuHours: number) =>
      target({
        nowMs: startMs + 50 * hourMs,
        price: first.targetPrice,
        evidence: { ...none, idleGpuHours: 50, bidGpuHours },
        memory: first.memory,
      })
    expect(later(45)).toBeGreaterThan(later(0))
  })

  it('asks more while a bid uses the GPU than while none does, whatever bids did before', () => {
    const first = aimOnce(expectedIncome(), {})
    const days = aimOnce(expectedIncome(), {
      nowMs: startMs + 50 * hourMs,
      price: first.targetPrice,
      evidence: { ...none, idleGpuHours: 50, bidGpuHours: 25 },
      memory: first.memory,
    })
    const now = (bidGpuHours: number) =>
      aimOnce(expectedIncome(), {
        nowMs: startMs + 50.1 * hourMs,
        price: days.targetPrice,
        evidence: { ...none, idleGpuHours: 0.1, bidGpuHours },
        memory: days.memory,
      })
    expect(now(0.1).targetPrice - now(0).targetPrice).toBeCloseTo(0.1 * 0.3, 3)
    expect(now(0.1).inputs).toMatchObject({ bidShareNow: 1, bidShareOfFreeHours: expect.closeTo(25 / 54, 1) })
  })

  it('asks less while no bid uses the GPU, but not less than the floor', () => {
    const first = aimOnce(expectedIncome(), {})
    const at = (floorPerGpuHour: number, bidGpuHours: number) =>
      aimOnce(expectedIncome(), {
        nowMs: startMs + 50 * hourMs,
        price: first.targetPrice,
        floorPerGpuHour,
        evidence: { ...none, idleGpuHours: 0.1, bidGpuHours },
        memory: { ...(first.memory as object), bids: { freeGpuHours: 400, usedGpuHours: 200 } },
      })
    const floors = Array.from({ length: 100 }, (_, index) => 0.25 + index / 1000)
    for (const floor of floors) expect(at(floor, 0).targetPrice).toBeGreaterThanOrEqual(floor)
    // Where only the want of a bid brings the price down to the floor.
    const held = floors.filter(
      floor => at(floor, 0).reason === 'income-best-at-floor' && at(floor, 0.1).reason === 'income-best',
    )
    expect(held.length).toBeGreaterThan(5)
    for (const floor of held) expect(at(floor, 0).targetPrice).toBe(floor)
  })

  it('does not go below the floor while anybody asks that much, and says so', () => {
    const atFloor = aimOnce(expectedIncome(), { floorPerGpuHour: 0.36 })
    expect(atFloor).toMatchObject({ targetPrice: 0.36, reason: 'income-best-at-floor' })
  })

  it('asks a premium for waiting on the price that is best in a market that stands still, and says what to expect of that', () => {
    const { targetPrice, inputs } = aimOnce(expectedIncome(), {})
    const { pull, waitingPremium, expectedOccupancy } = inputs
    expect([pull, waitingPremium]).toEqual([1, 1.08])
    const weights = [0.1, 0.25, 0.3, 0.25, 0.1]
    // 20 peers of whom 80 % are rented, as the prior says: a peer's odds are 4.
    const occupancyAt = (relative: number) =>
      [3, 5, 7, 9, 12].reduce((sum, elasticity, index) => {
        const odds = 4 * relative ** -elasticity
        return sum + ((weights[index] ?? 0) * odds) / (1 + odds)
      }, 0)
    const incomeAt = (price: number) =>
      occupancyAt(price / 0.3) * (price - 0.074) - (1 - occupancyAt(price / 0.3)) * 0.0236
    const still = targetPrice / 1.08
    for (const other of [0.98, 0.99, 1.01, 1.02]) expect(incomeAt(still)).toBeGreaterThan(incomeAt(still * other))
    expect(expectedOccupancy).toBeCloseTo(occupancyAt(targetPrice / 0.3), 9)
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
      'waitingPremium',
      'bidShareOfFreeHours',
      'bidShareNow',
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
