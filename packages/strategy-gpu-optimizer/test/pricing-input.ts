import type { PricingInput, PricingPolicy, PricingTarget } from '../src/pricing/pricing-policy.ts'
import { sampleMarket, startMs } from './sample-market.ts'

/** One question to a policy: an idle RTX 4090 in a market with a median of $0.30 of which 80 % is rented, unless said otherwise. */
export function aimOnce(policy: PricingPolicy, input: Partial<PricingInput>): PricingTarget {
  return policy.aim({
    nowMs: startMs,
    market: sampleMarket(),
    gpus: 1,
    rentedGpus: 0,
    price: undefined,
    lastRentedPrice: undefined,
    idleSinceMs: startMs,
    runningCostPerGpuHour: 0.074,
    idleCostPerGpuHour: 0.0236,
    floorPerGpuHour: 0.174,
    evidence: { bidGpuHours: 0, idleGpuHours: 0, rentedGpuHours: 0, filledGpus: 0, releasedGpus: 0 },
    memory: undefined,
    ...input,
  })
}
