import { InvalidInputError } from '@org/core'
import type { PricingPolicy } from '../pricing-policy.ts'

/**
 * One price for ever: `target = pricePerGpuHour`, host terms. Said to earn at least 78.9 %, often over 95 %, of the best dynamic policy:
 * what a dynamic policy must beat.
 *
 * @example
 * fixedPrice(0.3)
 *
 * Source: Besbes, Elmachtoub, Sun 2022, "Static pricing for reusable resources".
 */
export function fixedPrice(pricePerGpuHour: number): PricingPolicy {
  if (!(pricePerGpuHour > 0 && Number.isFinite(pricePerGpuHour)))
    throw new InvalidInputError({ message: `expected a fixed price above 0 USD per GPU-hour, was ${pricePerGpuHour}` })
  return {
    name: 'fixed-price',
    aim: () => ({ targetPrice: pricePerGpuHour, reason: 'fixed-price', inputs: { pricePerGpuHour }, memory: null }),
  }
}
