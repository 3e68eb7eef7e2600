import { priceReach } from '@org/venue-vastai/actions'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hourMs, sampleMarket, startMs } from '../../test/sample-market.ts'
import { observeRentals } from '../memory/observe-rentals.ts'
import type { PriceMemory } from '../memory/price-memory.ts'
import { fixedPrice } from '../pricing/policies/fixed-price.ts'
import { guideRule } from '../pricing/policies/guide-rule.ts'
import { policyByName, pricingPolicyNames } from '../pricing/policy-by-name.ts'
import { usualPriceLimits } from '../pricing/price-limits.ts'
import { decidePrice, type PriceQuestion } from './decide-price.ts'

const required = { minExpectedProfit: 0.1, minRoi: 0.25 }

function decide(question: Partial<PriceQuestion> & { readonly rentedGpus?: number; readonly memory?: PriceMemory }) {
  const { rentedGpus = 0, memory, ...rest } = question
  const whole: PriceQuestion = {
    nowMs: startMs,
    gpus: 1,
    price: undefined,
    market: sampleMarket({ median: 0.5 }),
    runningCostPerGpuHour: 0.074,
    idleCostPerGpuHour: 0.0236,
    required,
    limits: usualPriceLimits,
    policy: guideRule(),
    ...rest,
  }
  const { nowMs, gpus, price } = whole
  return decidePrice(whole, observeRentals(memory, { nowMs, gpus, rentedGpus, bidGpus: 0, price }))
}

describe('the decision about a price', () => {
  it("lists in the guide's example: market $0.50, cost $0.074, asked $0.49", () => {
    const { kind, price, reason, inputs, thresholds } = decide({})
    expect({ kind, price, reason }).toEqual({ kind: 'list', price: 0.49, reason: 'profitable' })
    expect(inputs).toMatchObject({
      marketMedianPerGpuHour: 0.5,
      runningCostPerGpuHour: 0.074,
      policy: 'guide-rule',
      factor: 0.98,
    })
    expect(inputs['profitAtMarketPerGpuHour']).toBeCloseTo(0.426, 9)
    expect(inputs['marginAtMarket']).toBeCloseTo(5.757, 3)
    expect(thresholds).toMatchObject({ minExpectedProfit: 0.1, minRoi: 0.25 })
    expect(thresholds['floorPerGpuHour']).toBeCloseTo(0.174, 12)
  })

  it('tests the profit at what is asked, not at the market: 0.98 × $0.176 falls short of $0.174', () => {
    expect(decide({ market: sampleMarket({ median: 0.176 }) })).toMatchObject({
      kind: 'hold',
      reason: 'not-profitable',
      price: undefined,
    })
    expect(decide({ market: sampleMarket({ median: 0.178 }) })).toMatchObject({ kind: 'list', price: 0.1745 })
  })

  it('takes a machine off the market when the best price does not pay', () => {
    expect(decide({ price: 0.2, market: sampleMarket({ median: 0.17 }) })).toMatchObject({
      kind: 'unlist',
      price: undefined,
      reason: 'not-profitable',
    })
  })

  it('holds a price that is near enough', () => {
    expect(decide({ price: 0.49 })).toMatchObject({ kind: 'hold', reason: 'within-hysteresis', price: 0.49 })
  })

  it('reprices step by step', () => {
    expect(decide({ price: 0.3 })).toMatchObject({ kind: 'reprice', reason: 'step-towards-target', price: 0.33 })
  })

  it('does not flap: what was just taken off is listed again only when clearly worth it, and not at once', () => {
    const off = {
      ...observeRentals(undefined, { nowMs: startMs, gpus: 1, rentedGpus: 0, bidGpus: 0, price: undefined }),
      lastChangeMs: startMs - 2 * hourMs,
    }
    const at = (median: number, memory: PriceMemory) => decide({ market: sampleMarket({ median }), memory })
    expect(at(0.179, off)).toMatchObject({ kind: 'hold', reason: 'barely-profitable' })
    expect(at(0.19, off)).toMatchObject({ kind: 'list' })
    expect(at(0.19, { ...off, lastChangeMs: startMs - hourMs + 1 })).toMatchObject({
      kind: 'hold',
      reason: 'changed-recently',
    })
  })

  it('doubts a market that jumps by more than half, and believes it after six hours', () => {
    let { memory } = decide({ price: 0.49 })
    const jumped = sampleMarket({ median: 5 })
    const reasons = Array.from({ length: 75 }, (_, i) => {
      const decision = decide({ price: 0.49, market: jumped, nowMs: startMs + (i + 1) * 300_000, memory })
      memory = decision.memory
      return decision.reason
    })
    expect(reasons.slice(0, 72)).toEqual(Array.from({ length: 72 }, () => 'market-jumped'))
    expect(reasons[72]).toBe('step-towards-target')
  })

  it('forgets its doubt when the market comes back', () => {
    const first = decide({ price: 0.49 })
    const doubted = decide({ price: 0.49, market: sampleMarket({ median: 5 }), memory: first.memory })
    expect(doubted.memory.doubtSinceMs).toBe(startMs)
    expect(decide({ price: 0.49, memory: doubted.memory }).memory.doubtSinceMs).toBeNull()
  })

  it('holds when a policy gives no usable price', () => {
    for (const targetPrice of [Number.NaN, 0, -1, Number.POSITIVE_INFINITY]) {
      const policy = { name: 'broken', aim: () => ({ targetPrice, reason: 'x', inputs: {}, memory: null }) }
      expect(decide({ price: 0.4, policy })).toMatchObject({ kind: 'hold', reason: 'policy-gave-no-price', price: 0.4 })
    }
  })

  it('gives a policy back its own memory and never that of another', () => {
    const seen: unknown[] = []
    const remembering = (name: string) => ({
      name,
      aim: ({ memory }: { readonly memory: unknown }) => {
        seen.push(memory)
        return { targetPrice: 0.4, reason: 'x', inputs: {}, memory: `of ${name}` }
      },
    })
    const first = decide({ policy: remembering('a') })
    const second = decide({ policy: remembering('a'), memory: first.memory })
    decide({ policy: remembering('b'), memory: second.memory })
    expect(seen).toEqual([undefined, 'of a', undefined])
  })

  it('never asks less than cost plus required profit, or as near to it as the venue lets a listing jump, whatever policy, market, price and cost', () => {
    const usd = fc.double({ min: 0.01, max: 5, noNaN: true })
    const policies = [...pricingPolicyNames.map(name => policyByName(name)), fixedPrice(0.01)]
    fc.assert(
      fc.property(
        fc.constantFrom(...policies),
        usd,
        fc.option(usd, { nil: undefined }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0, 1),
        (policy, median, price, runningCostPerGpuHour, rentedShare, rentedGpus) => {
          const decision = decide({
            policy,
            price,
            rentedGpus,
            market: sampleMarket({ median, rentedShare }),
            runningCostPerGpuHour,
            idleCostPerGpuHour: runningCostPerGpuHour / 3,
          })
          if (decision.kind !== 'list' && decision.kind !== 'reprice') return
          const floor = runningCostPerGpuHour + Math.max(0.1, 0.25 * runningCostPerGpuHour)
          expect(decision.price).toBeGreaterThanOrEqual(Math.min(floor - 1e-9, priceReach(price).max - 1e-4))
        },
      ),
      { numRuns: 500 },
    )
  })
})
