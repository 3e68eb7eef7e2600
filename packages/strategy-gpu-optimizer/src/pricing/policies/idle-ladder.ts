import { z } from 'zod'
import { type PricingPolicy, policyWithMemory } from '../pricing-policy.ts'

/** From `afterHours` without a new rental on, `factor` × the price at which the ladder began is asked. */
export interface LadderStep {
  readonly afterHours: number
  readonly factor: number
}

const usualSteps: readonly LadderStep[] = [
  { afterHours: 0, factor: 1 },
  { afterHours: 6, factor: 0.95 },
  { afterHours: 12, factor: 0.9 },
  { afterHours: 24, factor: 0.8 },
]

const memorySchema = z.strictObject({
  topPerGpuHour: z.number().positive(),
  idleSinceMs: z.number(),
})

/**
 * The longer nobody comes, the less is asked. When GPUs become free, the top of the ladder is
 * `min(p75, max(last rented price, 1.05 × median))`; then × 1, 0.95, 0.9, 0.8 from 0, 6, 12, 24 h on; from 48 h on the peers' median where
 * that is lower; never below 0.9 × the market's tenth percentile, nor below the floor.
 *
 * Where it stands on the ladder follows from when the GPUs became free, so a restart changes nothing.
 *
 * Source: the rules of kezarmader/vastai-auto-pricer, as described by its README; its percentages are rules of thumb.
 */
export function idleLadder(options: { readonly steps?: readonly LadderStep[] } = {}): PricingPolicy {
  const steps = options.steps ?? usualSteps
  return policyWithMemory({
    name: 'idle-ladder',
    memorySchema,
    aim({ nowMs, market, lastRentedPrice, idleSinceMs, floorPerGpuHour }, memory) {
      const { ask } = market
      const began = idleSinceMs ?? nowMs
      const top =
        memory !== undefined && memory.idleSinceMs === began
          ? memory.topPerGpuHour
          : Math.min(ask.p75, Math.max(lastRentedPrice ?? 0, 1.05 * ask.median))
      const idleHours = Math.max(0, nowMs - began) / 3_600_000
      const factor = steps.findLast(step => idleHours >= step.afterHours)?.factor ?? 1
      const onLadder = idleHours >= 48 ? Math.min(factor * top, ask.median) : factor * top
      const bottom = Math.max(0.9 * ask.p10, floorPerGpuHour)
      // A floor above the top of the market is no rung: the machine is then better taken off.
      const targetPrice = bottom <= ask.p90 ? Math.max(onLadder, bottom) : onLadder
      return {
        targetPrice,
        reason: idleSinceMs === undefined ? 'ladder-rented' : factor === 1 ? 'ladder-top' : 'ladder-step',
        inputs: { idleHours, ladderFactor: factor, ladderTopPerGpuHour: top, ladderBottomPerGpuHour: bottom },
        memory: { topPerGpuHour: top, idleSinceMs: began },
      }
    },
  })
}
