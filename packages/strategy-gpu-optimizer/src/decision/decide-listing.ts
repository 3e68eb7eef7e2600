import type { Json } from '@org/core'
import {
  differingTerms,
  hostPrice,
  type ListingTerms,
  listingImpact,
  type MachineView,
} from '@org/venue-vastai/actions'
import { comparableName, type MachinePlan } from '../config/machine-plan.ts'
import type { CheckedOptimizerConfig } from '../config/optimizer-config.ts'
import { marketInHostTerms } from '../market/market-in-host-terms.ts'
import type { MachineMemory } from '../memory/machine-memory.ts'
import { observeRentals, rebaseMemory } from '../memory/observe-rentals.ts'
import type { PricingPolicy } from '../pricing/pricing-policy.ts'
import type { MarketAnswer } from '../scan/market-answers.ts'
import { decidePrice } from './decide-price.ts'
import type { DecisionKind, ListingDecision } from './listing-decision.ts'
import { listingTerms } from './listing-terms.ts'
import { priceFloor } from './profit-test.ts'
import { sameListing } from './same-listing.ts'
import { summarise } from './summarise.ts'

/** All that the decision about one machine rests on. */
export interface ListingQuestion {
  readonly nowMs: number
  readonly plan: MachinePlan
  /** `undefined`: the market does not know the machine. */
  readonly machine: MachineView | undefined
  readonly market: MarketAnswer
  readonly policy: PricingPolicy
  readonly config: CheckedOptimizerConfig
}

export interface ListingVerdict {
  readonly decision: ListingDecision
  readonly memory: MachineMemory
}

/**
 * Decides what becomes of one machine's listing. Pure. What stands in the way is looked for in this order; the first that applies holds:
 * clock, machine, its hardware, doubt about an earlier write, a hand on the listing, age, health, market; then the price decides.
 */
export function decideListing(question: ListingQuestion, before: MachineMemory): ListingVerdict {
  const { nowMs, plan, machine, market, policy, config } = question
  const { customParams, scanIntervalMs } = config
  const { machineId } = plan

  const hold = (
    reason: string,
    memory: MachineMemory,
    what: { readonly summary: string; readonly warning?: true; readonly inputs?: { readonly [name: string]: Json } },
  ): ListingVerdict => ({
    memory,
    decision: {
      machineId,
      atMs: nowMs,
      kind: 'hold',
      reason,
      summary: what.summary,
      inputs: what.inputs ?? {},
      thresholds: {},
      before: machine?.listing ?? null,
      ...(what.warning === true ? { warning: what.summary } : {}),
    },
  })

  const lastMs = before.pricing?.atMs
  if (lastMs !== undefined && nowMs < lastMs && before.pricing !== null)
    return hold(
      'clock-went-backwards',
      { ...before, pricing: rebaseMemory(before.pricing, nowMs) },
      {
        summary: `machine ${machineId}: the clock went back by ${Math.round((lastMs - nowMs) / 1000)} s; nothing is changed at this scan, check the machine's time service`,
        warning: true,
        inputs: { lastReviewMs: lastMs },
      },
    )
  if (machine === undefined)
    return hold('machine-not-found', before, {
      summary: `machine ${machineId} is not among the machines that Vast.ai shows for this key; check machineId, the API key's account, that the machine is online, and for a warning that its row cannot be read`,
      warning: true,
    })
  if (comparableName(machine.model) !== comparableName(plan.gpuModel))
    return hold('model-differs', before, {
      summary: `machine ${machineId} holds ${machine.model}, but your configuration says ${plan.gpuModel}: correct gpuModel or machineId`,
      warning: true,
    })
  if (machine.numGpus !== plan.gpuIds.length)
    return hold('gpu-count-differs', before, {
      summary: `machine ${machineId} has ${machine.numGpus} GPUs, but your configuration names ${plan.gpuIds.length}: list every GPU of the machine`,
      warning: true,
    })

  const listing = machine.listing ?? null
  const byHand = handOn(before, listing, nowMs)
  const pricing = observeRentals(before.pricing ?? undefined, {
    nowMs,
    gpus: machine.numGpus,
    rentedGpus: gpusAtListedPrice(machine, before),
    bidGpus: machine.occupancy?.interruptible ?? 0,
    // A machine that nobody could rent learns nothing about demand.
    price: machine.health.ok ? listing?.pricePerGpuHour : undefined,
  })
  const memory: MachineMemory = {
    ...before,
    // Its idle time did not count: the ladder begins when it can be rented again.
    pricing: machine.health.ok || pricing.idleSinceMs === null ? pricing : { ...pricing, idleSinceMs: nowMs },
    seen: { listing },
    doubted: null,
    lastTerms: listing ?? before.lastTerms,
    handHoldUntilMs: byHand === undefined ? before.handHoldUntilMs : nowMs + customParams.handHoldMs,
  }
  if (byHand !== undefined && customParams.handHoldMs > 0)
    return hold('changed-by-hand', memory, {
      summary: `machine ${machineId}: ${byHand} by hand; it is left alone until ${isoMinute(nowMs + customParams.handHoldMs)}`,
      warning: true,
    })
  if (memory.handHoldUntilMs !== null && nowMs < memory.handHoldUntilMs)
    return hold('left-to-your-hand', memory, {
      summary: `machine ${machineId}: its listing was changed by hand; it is left alone until ${isoMinute(memory.handHoldUntilMs)}`,
      inputs: { untilMs: memory.handHoldUntilMs },
    })
  if (nowMs - machine.asOf > 2 * scanIntervalMs)
    return hold('machine-view-stale', memory, {
      summary: `machine ${machineId}: what Vast.ai says about it is ${Math.round((nowMs - machine.asOf) / 60_000)} minutes old; nothing is changed`,
      inputs: { machineAsOfMs: machine.asOf },
    })
  if (!machine.health.ok)
    return hold('unhealthy', memory, {
      summary: `machine ${machineId} is not healthy (${machine.health.problems.map(problem => problem.message).join('; ')}): not listed or repriced until it is, please look after it`,
      warning: true,
      inputs: { problems: machine.health.problems.map(problem => problem.kind) },
    })
  if (!market.ok)
    return hold(marketReason(market.code), memory, {
      summary: `machine ${machineId}: no market rate for ${machine.model} (${market.message}); nothing is changed`,
      inputs: { code: market.code },
    })
  if (nowMs - market.rate.asOf > customParams.marketAgeMaxMs)
    return hold('market-stale', memory, {
      summary: `machine ${machineId}: the market rate for ${machine.model} is ${Math.round((nowMs - market.rate.asOf) / 60_000)} minutes old; nothing is changed`,
      inputs: { marketAsOfMs: market.rate.asOf },
    })

  const required = { minExpectedProfit: config.minExpectedProfit, minRoi: config.minRoi }
  const priced = decidePrice(
    {
      nowMs,
      gpus: machine.numGpus,
      price: listing?.pricePerGpuHour,
      market: marketInHostTerms(market.rate),
      runningCostPerGpuHour: plan.runningCostPerGpuHour,
      idleCostPerGpuHour: plan.idleCostPerGpuHour,
      required,
      limits: customParams.limits,
      policy,
    },
    memory.pricing ?? pricing,
  )
  const terms = termsOf(priced.kind, priced.price)
  const impact = terms !== undefined && terms !== null && listing !== null ? listingImpact(machine, terms) : undefined
  return {
    memory: { ...memory, pricing: priced.memory },
    decision: {
      machineId,
      atMs: nowMs,
      kind: priced.kind,
      reason: priced.reason,
      summary: summarise(machine, plan, priced, impact),
      inputs: {
        ...priced.inputs,
        hostShare: market.rate.share,
        marketAsOfMs: market.rate.asOf,
        ownUseGpus: machine.ownUseGpus,
        ...(impact === undefined
          ? {}
          : {
              contractsTouched: impact.residentContracts,
              extensionsStopped: impact.extensionsStopped,
              clientEndDateMs: impact.clientEndDateMs ?? null,
            }),
      },
      thresholds: priced.thresholds,
      before: listing,
      ...(terms === undefined ? {} : { terms }),
    },
  }

  function termsOf(kind: DecisionKind, price: number | undefined): ListingTerms | null | undefined {
    if (kind === 'hold') return undefined
    if (kind === 'unlist' || price === undefined) return null
    return listingTerms({
      previous: listing ?? memory.lastTerms,
      first: customParams.firstListing,
      pricePerGpuHour: hostPrice(price),
      floorPerGpuHour: hostPrice(priceFloor(plan.runningCostPerGpuHour, required)),
      gpus: plan.gpuIds.length,
      nowMs,
    })
  }
}

/** What somebody else did to the listing since it was seen or written last, in words; `undefined`: nothing. */
function handOn(before: MachineMemory, listing: ListingTerms | null, nowMs: number): string | undefined {
  if (before.seen === null || sameListing(before.seen.listing, listing)) return undefined
  // The write in doubt went through: that was us.
  if (before.doubted !== null && sameListing(before.doubted.listing, listing)) return undefined
  const old = before.seen.listing
  if (listing === null) {
    const ended = old?.endDateMs !== null && old?.endDateMs !== undefined && old.endDateMs <= nowMs
    return ended ? undefined : 'it was taken off the market'
  }
  if (old === null) return 'it was listed'
  const changes = differingTerms(old, listing).map(field => `${field} ${old[field]} → ${listing[field]}`)
  return `its listing was changed (${changes.join(', ')})`
}

/**
 * GPUs that clients hold at the listed price. An interruptible rental pays its bid and gives way to whoever pays the price: to a price its
 * GPU is free. Where the market does not say who holds an unlisted machine, what was known last holds.
 */
function gpusAtListedPrice({ numGpus, occupancy, rentals, ownUseGpus }: MachineView, before: MachineMemory): number {
  if (occupancy !== undefined)
    return Math.min(numGpus, Math.max(0, occupancy.onDemand + occupancy.reserved - ownUseGpus))
  if (rentals.running === 0) return 0
  return Math.min(numGpus, before.pricing?.rentedGpus ?? rentals.runningOnDemand + rentals.runningReserved)
}

function marketReason(code: string): string {
  if (code === 'TOO_FEW_PEERS') return 'too-few-peers'
  return code === 'STALE_MARKET' ? 'market-stale' : 'no-market-data'
}

function isoMinute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`
}
