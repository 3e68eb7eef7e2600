import { InvalidInputError } from '@org/core'
import type { PricingPolicy } from '../pricing-policy.ts'

/**
 * A little below the market: `target = factor × median ask of like peers`.
 *
 * The baseline that better policies must beat. It looks at neither its own occupancy nor the market's.
 *
 * @param options `factor` of the median, default 0.98.
 * @example
 * guideRule().aim({ ...input, market: { ...market, ask: { ...band, median: 0.5 } } }).targetPrice // 0.49
 *
 * Source: the GPU marketplace guide, "Decision Logic".
 */
export function guideRule(options: { readonly factor?: number } = {}): PricingPolicy {
  const factor = options.factor ?? 0.98
  if (!(factor > 0 && factor < 10))
    throw new InvalidInputError({ message: `expected a factor of the median above 0 and below 10, was ${factor}` })
  return {
    name: 'guide-rule',
    aim: ({ market }) => ({
      targetPrice: factor * market.ask.median,
      reason: 'below-median',
      inputs: { factor, marketMedianPerGpuHour: market.ask.median },
      memory: null,
    }),
  }
}
