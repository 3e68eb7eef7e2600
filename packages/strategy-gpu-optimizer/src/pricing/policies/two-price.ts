import { z } from 'zod'
import { type PricingPolicy, policyWithMemory } from '../pricing-policy.ts'

const memorySchema = z.strictObject({
  usualIdleShare: z.number().min(0).max(1),
  isHigh: z.boolean(),
  atMs: z.number(),
})

const usualOverMs = 7 * 86_400_000
const hysteresis = 0.1

/**
 * Two prices: the high one while the market's idle stock is low, else the low one.
 *
 * `target = high × median` while `idle share < usual idle share`, else `low × median`, where the usual idle share is its exponential mean
 * over about a week. It changes sides only when the idle share is 10 % beyond the usual one.
 *
 * @param options `high`, `low`: factors of the peers' median, 1.08 and 0.96.
 *
 * Source: Balseiro, Ma, Zhang 2023, "Dynamic pricing for reusable resources: the power of two prices": two prices, high when stock is low,
 * take nearly all of the gain of a fully dynamic policy. The factors are ours.
 */
export function twoPrice(options: { readonly high?: number; readonly low?: number } = {}): PricingPolicy {
  const high = options.high ?? 1.08
  const low = options.low ?? 0.96
  return policyWithMemory({
    name: 'two-price',
    memorySchema,
    aim({ nowMs, market }, memory) {
      const idleShare = 1 - market.rentedShare
      const weight = memory === undefined ? 1 : 1 - Math.exp(-Math.max(0, nowMs - memory.atMs) / usualOverMs)
      const usualIdleShare = (memory?.usualIdleShare ?? idleShare) * (1 - weight) + idleShare * weight
      const border = usualIdleShare * (memory?.isHigh === true ? 1 + hysteresis : 1 - hysteresis)
      const isHigh = idleShare < border
      return {
        targetPrice: (isHigh ? high : low) * market.ask.median,
        reason: isHigh ? 'stock-low' : 'stock-high',
        inputs: { idleShare, usualIdleShare, marketMedianPerGpuHour: market.ask.median, factor: isHigh ? high : low },
        memory: { usualIdleShare, isHigh, atMs: nowMs },
      }
    },
  })
}
