import { z } from 'zod'
import { type PricingPolicy, policyWithMemory } from '../pricing-policy.ts'

const memorySchema = z.strictObject({ openingPerGpuHour: z.number().positive() })

/**
 * What a host without a pricer does: looks up the market once and leaves it at that. `target = median ask of like peers at the first
 * review`, for ever; remembered across restarts.
 */
export function openingMedian(): PricingPolicy {
  return policyWithMemory({
    name: 'opening-median',
    memorySchema,
    aim({ market }, memory) {
      const openingPerGpuHour = memory?.openingPerGpuHour ?? market.ask.median
      return {
        targetPrice: openingPerGpuHour,
        reason: 'opening-median',
        inputs: { openingPerGpuHour, marketMedianPerGpuHour: market.ask.median },
        memory: memory ?? { openingPerGpuHour },
      }
    },
  })
}
