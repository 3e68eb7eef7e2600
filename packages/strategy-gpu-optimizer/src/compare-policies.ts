import { parseConfig } from '@org/core'
import type { GpuConfig } from './config/gpu-config.ts'
import { type OptimizerConfig, optimizerConfigSchema } from './config/optimizer-config.ts'
import { idleCostPerHour, runningCostPerHour } from './cost/operating-cost.ts'
import { priceFloor } from './decision/profit-test.ts'
import { createPricer, type Pricer, type PricerObservation } from './pricer.ts'
import type { PricingPolicy } from './pricing/pricing-policy.ts'

/** One machine at one review of a trial; machines are told apart by their index. */
export type TrialReview = PricerObservation & { readonly machineIndex: number }

/**
 * Runs the same market and the same renters under a way of pricing, from the beginning each time. `price` gives the host price that
 * stands from now on, `undefined`: not listed.
 */
export type PriceTrial = (
  price: (review: TrialReview) => number | undefined,
  terms: {
    /** Floor of interruptible bids, host USD per GPU-hour: what the GPU must earn at least, as the optimiser lists it. */
    readonly minBid: number
  },
) => {
  readonly earnedUsd: number
  readonly gpuHours: number
  readonly rentedGpuHours: number
  readonly priceChangesPerDay: number
}

export interface PolicyResult {
  /** A policy's name, or `best-fixed`. */
  readonly name: string
  /** Rent minus power and upkeep, USD per GPU and 24 hours. */
  readonly incomePerGpuDay: number
  /** `incomePerGpuDay` over that of the best fixed price in hindsight. */
  readonly ratioToBestFixed: number
  readonly occupancy: number
  readonly idleShare: number
  readonly priceChangesPerDay: number
  /** Host USD per GPU-hour; `best-fixed` only. */
  readonly fixedPrice?: number
}

export interface PolicyComparison {
  readonly policies: readonly PolicyResult[]
  /**
   * The best of the fixed prices that were tried: a reference that nobody can know beforehand. It owes a part to luck, since it was picked
   * after the renters of this very market had come.
   */
  readonly bestFixed: PolicyResult
  /** The fixed prices 6 % apart, lowest first, in the same order for every market: prices that are good in many markets owe less to luck. */
  readonly fixedPrices: readonly PolicyResult[]
}

/** Fixed prices relative to the first median seen: 0.70 to 2.00, 6 % apart, then 2 % apart around the best of them. */
const coarse = Array.from({ length: 19 }, (_, i) => 0.7 * 1.06 ** i)
const fine = [0.96, 0.98, 1.02, 1.04]

/**
 * What policies would have earned in one market, and what the best fixed price in hindsight would have.
 *
 * @example
 * comparePolicies({
 *   trial: (price, { minBid }) => runPricingTrial({ seed: 7, days: 30, model: 'RTX_4090', minBid, price }),
 *   gpu, policies: [expectedIncome(), guideRule()],
 * })
 */
export function comparePolicies(options: {
  readonly trial: PriceTrial
  readonly gpu: GpuConfig
  readonly policies: readonly PricingPolicy[]
  readonly config?: OptimizerConfig
}): PolicyComparison {
  const { trial, gpu, policies, config } = options
  const { minExpectedProfit, minRoi } = parseConfig(optimizerConfigSchema, config ?? {}, 'optimizer config')
  const minBid = priceFloor(runningCostPerHour(gpu), { minExpectedProfit, minRoi })
  let openingMedian: number | undefined
  const run = (name: string, price: (review: TrialReview) => number | undefined) => {
    const { earnedUsd, gpuHours, rentedGpuHours, priceChangesPerDay } = trial(
      review => {
        openingMedian ??= review.market?.ask.median
        return price(review)
      },
      { minBid },
    )
    const running = rentedGpuHours * runningCostPerHour(gpu)
    const idle = (gpuHours - rentedGpuHours) * idleCostPerHour(gpu)
    const occupancy = rentedGpuHours / gpuHours
    const incomePerGpuDay = ((earnedUsd - running - idle) / gpuHours) * 24
    return { name, incomePerGpuDay, occupancy, idleShare: 1 - occupancy, priceChangesPerDay }
  }
  const results = policies.map(policy => {
    const pricers = new Map<number, Pricer>()
    return run(policy.name, review => {
      const pricer = pricers.get(review.machineIndex) ?? createPricer(policy, gpu, config)
      pricers.set(review.machineIndex, pricer)
      return pricer.review(review)
    })
  })
  if (openingMedian === undefined) run('look', () => undefined)
  const median = openingMedian ?? 0
  const fixed = (factor: number) => ({
    ...run('best-fixed', () => factor * median),
    factor,
    fixedPrice: factor * median,
  })
  const better = (a: ReturnType<typeof fixed>, b: ReturnType<typeof fixed>) =>
    b.incomePerGpuDay > a.incomePerGpuDay ? b : a
  const tried = coarse.map(fixed)
  const rough = tried.reduce(better)
  const { factor: _, ...best } = fine.map(nudge => fixed(rough.factor * nudge)).reduce(better, rough)
  const ratio = (result: { readonly incomePerGpuDay: number }) => result.incomePerGpuDay / best.incomePerGpuDay
  return {
    policies: results.map(result => ({ ...result, ratioToBestFixed: ratio(result) })),
    bestFixed: { ...best, ratioToBestFixed: 1 },
    fixedPrices: tried.map(({ factor: _, ...result }) => ({ ...result, ratioToBestFixed: ratio(result) })),
  }
}
