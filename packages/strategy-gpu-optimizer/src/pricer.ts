import { parseConfig } from '@org/core'
import { type GpuConfig, gpuConfigSchema } from './config/gpu-config.ts'
import { type OptimizerConfig, optimizerConfigSchema } from './config/optimizer-config.ts'
import { idleCostPerHour, runningCostPerHour } from './cost/operating-cost.ts'
import { decidePrice, type PriceDecision } from './decision/decide-price.ts'
import { observeChange, observeRentals } from './memory/observe-rentals.ts'
import type { PriceMemory } from './memory/price-memory.ts'
import type { PricingMarket, PricingPolicy } from './pricing/pricing-policy.ts'

/** What one machine and its market look like at a review. Plain data, host USD per GPU-hour. */
export interface PricerObservation {
  readonly nowMs: number
  readonly gpus: number
  /** At the listed price; interruptible rentals pay a bid and do not count. */
  readonly rentedGpus: number
  /** Used by interruptible rentals. @default 0 */
  readonly bidGpus?: number
  /** The listed price; `undefined` while not listed. */
  readonly price: number | undefined
  /** Comparable machines of others; `undefined` when there is no answer to rest on: nothing changes then. */
  readonly market: PricingMarket | undefined
}

/** The pricing of one machine without a venue: the same decisions and limits as the optimiser's, for trials and replays. */
export interface Pricer {
  /** @returns the price that stands from now on, `undefined`: not on the market. */
  review(observation: PricerObservation): number | undefined
  /** Why, for the last review. */
  readonly last: PriceDecision | undefined
}

/**
 * Makes the pricing of one machine. It takes every change to have worked.
 *
 * @example
 * const pricer = createPricer(expectedIncome(), gpu)
 * const price = pricer.review({ nowMs, gpus: 1, rentedGpus: 0, price: undefined, market })
 */
export function createPricer(policy: PricingPolicy, gpu: GpuConfig, config: OptimizerConfig = {}): Pricer {
  const parsedGpu = parseConfig(gpuConfigSchema, gpu, 'GPU config')
  const { minExpectedProfit, minRoi, customParams } = parseConfig(optimizerConfigSchema, config, 'optimizer config')
  const runningCostPerGpuHour = runningCostPerHour(parsedGpu)
  const idleCostPerGpuHour = idleCostPerHour(parsedGpu)
  let memory: PriceMemory | undefined
  let last: PriceDecision | undefined
  return {
    review({ nowMs, gpus, rentedGpus, bidGpus = 0, price, market }) {
      memory = observeRentals(memory, { nowMs, gpus, rentedGpus, bidGpus, price })
      if (market === undefined) return price
      const decision = decidePrice(
        {
          nowMs,
          gpus,
          price,
          market,
          runningCostPerGpuHour,
          idleCostPerGpuHour,
          required: { minExpectedProfit, minRoi },
          limits: customParams.limits,
          policy,
        },
        memory,
      )
      last = decision
      memory =
        decision.kind === 'hold'
          ? decision.memory
          : observeChange(decision.memory, { nowMs, isFirst: price === undefined })
      return decision.price
    },
    get last() {
      return last
    },
  }
}
