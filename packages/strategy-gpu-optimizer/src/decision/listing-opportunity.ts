import type { Effect, IntentDraft, Opportunity, Rationale } from '@org/core'
import { type ListingTerms, machineAsset, type UnlistParams, type WriteListingParams } from '@org/venue-vastai/actions'
import type { MachinePlan } from '../config/machine-plan.ts'
import type { ListingDecision } from './listing-decision.ts'
import { profitability } from './profit-test.ts'

/** A listing decision that wants a change, as the gate takes it: one intent with its worst case. */
export type ListingOpportunity = Opportunity<WriteListingParams | UnlistParams>

/**
 * The opportunity of a decision, `undefined` for `hold`.
 *
 * The worst case of being listed is that nobody comes: the machine's idle cost until the next review, as `loss` and, where it was not listed
 * before, as `operating-cost`. No money is at stake beyond it, so there is no `exposure`. Going off the market can only lower risk.
 */
export function listingOpportunity(
  decision: ListingDecision,
  context: {
    readonly strategyId: string
    readonly venueId: string
    readonly plan: MachinePlan
    /** When the machine was seen, milliseconds since the epoch. */
    readonly asOf: number
    readonly scanIntervalMs: number
  },
): ListingOpportunity | undefined {
  const { strategyId, venueId, plan, asOf, scanIntervalMs } = context
  const { machineId, terms } = decision
  if (terms === undefined) return undefined
  const rationale: Rationale = {
    reason: `${decision.kind}:${decision.reason}`,
    summary: decision.summary,
    inputs: decision.inputs,
    thresholds: decision.thresholds,
  }
  const asset = machineAsset(machineId)
  const base = {
    id: `${decision.kind}-${machineId}-${decision.atMs.toString(36)}`,
    strategyId,
    kind: decision.kind,
    asset,
    asOf,
    rationale,
  }
  if (terms === null) {
    const intent: IntentDraft<UnlistParams> = {
      venueId,
      asset,
      action: 'unlist',
      params: { machineId },
      effects: [{ measure: 'count', amount: 1 }],
      reduces: true,
      rationale,
    }
    return { ...base, expectedProfitPerHour: 0, expectedRoi: 0, intents: [intent] }
  }
  const gpus = plan.gpuIds.length
  const { profitPerGpuHour, margin } = profitability(terms.pricePerGpuHour, plan.runningCostPerGpuHour)
  const idleCost = (plan.idleCostPerGpuHour * gpus * scanIntervalMs) / 3_600_000
  const effects: readonly Effect[] = [
    { measure: 'loss', amount: idleCost },
    // A machine that is on the market already draws what it draws, at whatever price.
    ...(decision.before === null ? [{ measure: 'operating-cost', amount: idleCost }] : []),
    { measure: 'count', amount: 1 },
  ]
  const intent: IntentDraft<WriteListingParams> = {
    venueId,
    asset,
    action: 'write-listing',
    params: { machineId, terms, expected: decision.before },
    effects,
    rationale,
  }
  return {
    ...base,
    expectedProfitPerHour: withoutNoise(profitPerGpuHour * gpus),
    expectedRoi: withoutNoise(margin),
    intents: [intent],
  }
}

/** A price at the floor earns what is required: 0.174 − 0.074 must not fall short of 0.1 by binary noise. */
function withoutNoise(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 1e9) / 1e9 : value
}

/** The listing that an opportunity would leave behind: `null` for off the market. */
export function listingAfter(
  opportunity: Opportunity,
): { readonly machineId: number; readonly listing: ListingTerms | null } | undefined {
  const intent = opportunity.intents[0]
  if (intent === undefined) return undefined
  if (intent.action === 'unlist') return { machineId: (intent.params as UnlistParams).machineId, listing: null }
  const { machineId, terms } = intent.params as WriteListingParams
  return { machineId, listing: terms }
}
