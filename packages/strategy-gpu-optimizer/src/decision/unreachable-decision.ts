import type { AutomationError } from '@org/core'
import type { ListingTerms } from '@org/venue-vastai/actions'
import type { ListingDecision } from './listing-decision.ts'

/** Holds a machine whose venue cannot be asked. */
export function unreachableDecision(
  machineId: number,
  error: AutomationError,
  context: { readonly nowMs: number; readonly summary: string; readonly before: ListingTerms | null },
): ListingDecision {
  const { nowMs, summary, before } = context
  return {
    machineId,
    atMs: nowMs,
    kind: 'hold',
    reason: 'venue-unreachable',
    summary,
    inputs: { code: error.code },
    thresholds: {},
    before,
  }
}
