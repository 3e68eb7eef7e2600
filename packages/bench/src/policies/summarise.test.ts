import { type PolicyResult, pricingPolicyNames } from '@org/strategy-gpu-optimizer'
import { describe, expect, it } from 'vitest'
import { summarise } from './summarise.ts'
import type { PolicyOutcome } from './task.ts'

/** A market in which the default policy earned `usual`, every other 8, and the best fixed price 10. */
function outcome(seed: number, usual: number, fixedIncomes: readonly number[]): PolicyOutcome {
  const result = (name: string, income: number): PolicyResult => ({
    name,
    incomePerGpuDay: income,
    ratioToBestFixed: income / 10,
    occupancy: 0.8,
    idleShare: 0.2,
    priceChangesPerDay: 2,
  })
  const policies = pricingPolicyNames.map((name, index) => result(name, index === 0 ? usual : 8))
  return {
    task: { model: 'RTX_4090', seed, days: 30, machines: 2 },
    results: [...policies, result('best-fixed', 10)],
    fixedIncomes,
  }
}

describe('the summary of policies', () => {
  const results = summarise([outcome(1, 9, [7, 10, 6]), outcome(2, 11, [9, 4, 6])])
  const named = (text: string) => results.find(({ name }) => name.includes(text))

  it('is the mean ratio to the best fixed price with its interval', () => {
    expect(named('expected-income against best fixed, all models')).toMatchObject({
      value: 1,
      limit: 0.97,
      details: { low: expect.closeTo(1 - 12.706 * 0.1, 3) },
    })
  })

  it('holds the default policy against guideRule on each model', () => {
    expect(named('RTX_4090: expected-income against guide-rule')).toMatchObject({ value: 1.25, limit: 1 })
  })

  it('finds the fixed price that was best over all markets: 7 and 9, not 10 and 4', () => {
    expect(named('best over all its markets')).toMatchObject({ value: 1.25, details: { incomePerGpuDayUsd: 8 } })
  })

  it('has price changes and idle share beside every policy', () => {
    for (const name of pricingPolicyNames)
      expect(named(`RTX_4090: ${name} against best fixed`)?.details).toMatchObject({
        priceChangesPerDay: 2,
        idleShare: 0.2,
      })
  })
})
