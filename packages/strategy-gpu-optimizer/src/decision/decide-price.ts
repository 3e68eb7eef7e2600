import type { Json } from '@org/core'
import { noEvidence, type PriceMemory } from '../memory/price-memory.ts'
import { boundedMove, roundUp } from '../pricing/bounded-move.ts'
import type { PriceLimits } from '../pricing/price-limits.ts'
import type { PricingMarket, PricingPolicy } from '../pricing/pricing-policy.ts'
import { priceFloor, profitability, type RequiredProfit } from './profit-test.ts'

/** What a machine's price is decided from. Host USD per GPU-hour throughout. */
export interface PriceQuestion {
  readonly nowMs: number
  readonly gpus: number
  /** The listed price; `undefined` while not listed. */
  readonly price: number | undefined
  readonly market: PricingMarket
  readonly runningCostPerGpuHour: number
  readonly idleCostPerGpuHour: number
  readonly required: RequiredProfit
  readonly limits: PriceLimits
  readonly policy: PricingPolicy
}

export interface PriceDecision {
  readonly kind: 'list' | 'reprice' | 'unlist' | 'hold'
  /** The price to stand from now on; `undefined`: not on the market. */
  readonly price: number | undefined
  readonly reason: string
  readonly inputs: { readonly [name: string]: Json }
  readonly thresholds: { readonly [name: string]: Json }
  readonly memory: PriceMemory
}

/** A median further than this factor from the one believed last is doubted. */
const jumpFactor = 1.5
/** A doubted median that stands this long is believed. */
const doubtMs = 6 * 3_600_000

/**
 * List, unlist, reprice or hold: the policy's aim, held to the profit test and to the limits on moves.
 *
 * The test is the guide's: margin ≥ `minRoi` and profit ≥ `minExpectedProfit` at what the host would earn at the price asked; else the
 * machine is taken off the market. Never asks less than the floor; a listing found far below it goes up in steps that the venue lets through.
 *
 * @param memory as {@link observeRentals} left it for this review.
 */
export function decidePrice(question: PriceQuestion, memory: PriceMemory): PriceDecision {
  const { nowMs, gpus, price, market, runningCostPerGpuHour, idleCostPerGpuHour, required, limits, policy } = question
  const median = market.ask.median
  const floorPerGpuHour = priceFloor(runningCostPerGpuHour, required)
  const atMarket = profitability(median, runningCostPerGpuHour)
  const baseInputs = {
    policy: policy.name,
    pricePerGpuHour: price ?? null,
    rentedGpus: memory.rentedGpus,
    gpus,
    marketMedianPerGpuHour: median,
    marketMachines: market.machines,
    marketRentedShare: market.rentedShare,
    runningCostPerGpuHour,
    profitAtMarketPerGpuHour: atMarket.profitPerGpuHour,
    marginAtMarket: Number.isFinite(atMarket.margin) ? atMarket.margin : null,
  }
  const thresholds = {
    floorPerGpuHour,
    minExpectedProfit: required.minExpectedProfit,
    minRoi: required.minRoi,
    changeMin: limits.changeMin,
    stepMax: limits.stepMax,
    changeAgeMinMs: limits.changeAgeMinMs,
    changesPerDayMax: limits.changesPerDayMax,
    tenantRaiseMin: limits.tenantRaiseMin,
  }
  const hold = (reason: string, after: PriceMemory, inputs: PriceDecision['inputs'] = {}): PriceDecision => ({
    kind: 'hold',
    price,
    reason,
    inputs: { ...baseInputs, ...inputs },
    thresholds,
    memory: after,
  })

  const doubt = doubtOf(memory, median, nowMs)
  if (doubt !== undefined)
    return hold('market-jumped', { ...memory, doubtSinceMs: doubt }, { believedMedianPerGpuHour: memory.marketMedian })

  const aim = policy.aim({
    nowMs,
    market,
    gpus,
    rentedGpus: memory.rentedGpus,
    price,
    lastRentedPrice: memory.lastRentedPrice ?? undefined,
    idleSinceMs: memory.idleSinceMs ?? undefined,
    runningCostPerGpuHour,
    idleCostPerGpuHour,
    floorPerGpuHour,
    evidence: memory.evidence,
    memory: memory.policy?.name === policy.name ? memory.policy.memory : undefined,
  })
  const after: PriceMemory = {
    ...memory,
    evidence: noEvidence,
    marketMedian: median,
    doubtSinceMs: null,
    policy: { name: policy.name, memory: aim.memory as NonNullable<PriceMemory['policy']>['memory'] },
  }
  const inputs = { ...aim.inputs, aim: aim.reason, targetPerGpuHour: aim.targetPrice }
  // Written so that NaN holds as well.
  if (!(aim.targetPrice > 0 && Number.isFinite(aim.targetPrice)))
    return hold('policy-gave-no-price', after, { ...inputs, targetPerGpuHour: null })

  const decide = (kind: PriceDecision['kind'], next: number | undefined, reason: string): PriceDecision => ({
    kind,
    price: next,
    reason,
    inputs: { ...baseInputs, ...inputs },
    thresholds,
    memory: after,
  })
  const asked = roundUp(aim.targetPrice)
  // A hair of tolerance: the floor itself must pass.
  const isProfitable = asked >= floorPerGpuHour - 1e-9

  if (price === undefined) {
    if (!isProfitable) return hold('not-profitable', after, inputs)
    if (memory.lastChangeMs !== null) {
      // Taken off for want of profit: it must be clearly worth it again, or it would flap.
      if (asked < floorPerGpuHour * (1 + limits.changeMin)) return hold('barely-profitable', after, inputs)
      if (nowMs - memory.lastChangeMs < limits.changeAgeMinMs) return hold('changed-recently', after, inputs)
      if (memory.changesMs.length >= limits.changesPerDayMax) return hold('daily-changes-used', after, inputs)
    }
    return decide('list', Math.max(asked, roundUp(floorPerGpuHour)), 'profitable')
  }
  if (!isProfitable) return decide('unlist', undefined, 'not-profitable')
  const verdict = boundedMove(
    {
      nowMs,
      price,
      targetPrice: aim.targetPrice,
      floorPerGpuHour,
      rentedShare: Math.min(1, memory.rentedGpus / gpus),
      lastChangeMs: memory.lastChangeMs ?? undefined,
      changesMs: memory.changesMs,
    },
    limits,
  )
  return verdict.move ? decide('reprice', verdict.price, verdict.reason) : hold(verdict.reason, after, inputs)
}

/** Since when the market's median has been doubted; `undefined` when it is believed. */
function doubtOf(memory: PriceMemory, median: number, nowMs: number): number | undefined {
  const believed = memory.marketMedian
  if (believed === null || (median <= believed * jumpFactor && median >= believed / jumpFactor)) return undefined
  const since = memory.doubtSinceMs ?? nowMs
  return nowMs - since >= doubtMs ? undefined : since
}
