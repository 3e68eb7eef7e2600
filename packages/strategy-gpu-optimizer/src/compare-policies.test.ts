import { describe, expect, it } from 'vitest'
import { guideGpu } from '../test/sample-gpu.ts'
import { hourMs, sampleMarket, startMs } from '../test/sample-market.ts'
import { comparePolicies, type PriceTrial } from './compare-policies.ts'
import { fixedPrice } from './pricing/policies/fixed-price.ts'
import { guideRule } from './pricing/policies/guide-rule.ts'

/** Thousand hours in which the GPU is rented for a part 1 − price of each: income (1 − p)(p − 0.074) − p × 0.0236 is best at p = 0.5252. */
const linearDemand: PriceTrial = price => {
  let current: number | undefined
  let earnedUsd = 0
  let rentedGpuHours = 0
  let changes = 0
  for (let hour = 0; hour < 1000; hour++) {
    const next = price({
      nowMs: startMs + hour * hourMs,
      gpus: 1,
      rentedGpus: 0,
      price: current,
      market: sampleMarket({ median: 0.5 }),
      machineIndex: 0,
    })
    if (current !== undefined && next !== current) changes++
    current = next
    const rented = current === undefined ? 0 : Math.max(0, 1 - current)
    rentedGpuHours += rented
    earnedUsd += rented * (current ?? 0)
  }
  return { earnedUsd, gpuHours: 1000, rentedGpuHours, priceChangesPerDay: changes / (1000 / 24) }
}

describe('the comparison of policies', () => {
  const { policies, bestFixed } = comparePolicies({
    trial: linearDemand,
    gpu: guideGpu,
    policies: [guideRule(), fixedPrice(0.3), fixedPrice(0.525)],
  })

  it('finds the best fixed price in hindsight, on a grid of a few percent', () => {
    expect(bestFixed.fixedPrice).toBeGreaterThan(0.51)
    expect(bestFixed.fixedPrice).toBeLessThan(0.54)
    expect(bestFixed).toMatchObject({ name: 'best-fixed', ratioToBestFixed: 1, priceChangesPerDay: 0 })
  })

  it('states income per GPU-day net of power and upkeep, occupancy and what is idle', () => {
    const rule = policies[0]
    const hourly = 0.51 * (0.49 - 0.074) - 0.49 * 0.0236
    expect(rule).toMatchObject({
      name: 'guide-rule',
      occupancy: expect.closeTo(0.51, 9),
      idleShare: expect.closeTo(0.49, 9),
    })
    expect(rule?.incomePerGpuDay).toBeCloseTo(24 * hourly, 9)
  })

  it('relates every policy to it', () => {
    for (const { incomePerGpuDay, ratioToBestFixed } of policies)
      expect(ratioToBestFixed).toBeCloseTo(incomePerGpuDay / bestFixed.incomePerGpuDay, 12)
    expect(policies[1]?.ratioToBestFixed).toBeLessThan(0.8)
    expect(policies[2]?.ratioToBestFixed).toBeCloseTo(1, 2)
  })

  it('prices each machine by a memory of its own', () => {
    const seen = new Map<number, unknown[]>()
    const policy = {
      name: 'spy',
      aim: ({ memory, gpus }: { readonly memory: unknown; readonly gpus: number }) => {
        seen.set(gpus, [...(seen.get(gpus) ?? []), memory])
        return { targetPrice: 0.5, reason: 'spy', inputs: {}, memory: gpus }
      },
    }
    const two: PriceTrial = price => {
      for (const machineIndex of [0, 1, 0, 1])
        price({
          nowMs: startMs,
          gpus: machineIndex + 1,
          rentedGpus: 0,
          price: 0.5,
          market: sampleMarket({ median: 0.5 }),
          machineIndex,
        })
      return { earnedUsd: 1, gpuHours: 10, rentedGpuHours: 5, priceChangesPerDay: 0 }
    }
    comparePolicies({ trial: two, gpu: guideGpu, policies: [policy] })
    expect([seen.get(1), seen.get(2)]).toEqual([
      [undefined, 1],
      [undefined, 2],
    ])
  })
})
