import type { Micros } from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startMs } from '../../test/sample-market.ts'
import { type Account, newAccount } from '../accrual/account.ts'
import { gpuKpis } from './kpis.ts'

const kpisOf = (accounts: readonly Partial<Account>[], nowMs = startMs) =>
  gpuKpis(
    accounts.map(account => ({ ...newAccount, ...account })),
    { nowMs, decisions: {}, decisionsMade: 0 },
  )
const micros = (usd: number) => Math.round(usd * 1e6) as Micros

describe('the KPIs', () => {
  it("are the guide's: 2 GPUs, 30 days, 65 % rented at $0.50", () => {
    const rentedGpuHours = 0.65 * 2 * 720
    const one = {
      revenue: micros((0.5 * rentedGpuHours) / 2),
      cost: micros(40),
      gpuHours: 720,
      rentedGpuHours: rentedGpuHours / 2,
    }
    expect(kpisOf([one, one])).toMatchObject({
      totalRevenue: 468,
      operatingCost: 80,
      netProfit: 388,
      roi: 4.85,
      averageHourlyRate: 0.5,
      occupancy: 0.65,
      profitPerGpuPerDay: expect.closeTo(388 / 60, 9),
    })
  })

  it("hold every figure of the guide's table", () => {
    expect(Object.keys(kpisOf([]))).toEqual(
      expect.arrayContaining([
        'totalRevenue',
        'operatingCost',
        'netProfit',
        'roi',
        'averageHourlyRate',
        'occupancy',
        'decisionsMade',
        'profitPerGpuPerDay',
        'decisionAccuracy',
      ]),
    )
  })

  it('reconcile: revenue − cost = profit, occupancy × hours × rate = revenue', () => {
    const account = fc.record({
      revenue: fc.integer({ min: 0, max: 1e12 }).map(value => value as Micros),
      cost: fc.integer({ min: 0, max: 1e12 }).map(value => value as Micros),
      gpuHours: fc.double({ min: 1, max: 1e5, noNaN: true }),
      rentedGpuHours: fc.double({ min: 0.1, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(account, { minLength: 1, maxLength: 5 }), accounts => {
        const kpis = kpisOf(accounts)
        expect(Math.round(kpis.totalRevenue * 1e6) - Math.round(kpis.operatingCost * 1e6)).toBe(
          Math.round(kpis.netProfit * 1e6),
        )
        expect(kpis.occupancy * kpis.gpuHours * kpis.averageHourlyRate).toBeCloseTo(kpis.totalRevenue, 5)
      }),
    )
  })

  it('are finite before anything happened', () => {
    expect(kpisOf([])).toMatchObject({
      roi: 0,
      averageHourlyRate: 0,
      occupancy: 0,
      profitPerGpuPerDay: 0,
      decisionAccuracy: null,
    })
  })

  it('judge the decision under way once it is a day old', () => {
    const underWay = {
      episode: { sinceMs: startMs, revenue: micros(0), cost: micros(0) },
      revenue: micros(5),
      cost: micros(1),
    }
    expect(kpisOf([underWay], startMs + 86_399_999).decisionAccuracy).toBeNull()
    expect(kpisOf([underWay, { judged: 1, right: 0 }], startMs + 86_400_000).decisionAccuracy).toBe(0.5)
  })

  it('say when part of the revenue is an estimate', () => {
    expect(kpisOf([{ estimated: micros(1) }]).revenueIsEstimated).toBe(true)
    expect(kpisOf([{}]).revenueIsEstimated).toBe(false)
  })
})
