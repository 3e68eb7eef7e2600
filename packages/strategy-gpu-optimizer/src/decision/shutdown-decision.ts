import type { ListingTerms } from '@org/venue-vastai/actions'
import type { PlannedChange } from '../scan/scan-plan.ts'

/** Why a machine went off the market when the optimiser stopped. A change for this reason is not made up for after a restart. */
export const shutdownReason = 'shutdown'

/** Takes a machine off the market because the optimiser stops. */
export function shutdownDecision(machineId: number, listing: ListingTerms, nowMs: number): PlannedChange {
  return {
    machineId,
    atMs: nowMs,
    kind: 'unlist',
    reason: shutdownReason,
    summary: `machine ${machineId} goes off the market because the optimiser stops; running contracts continue`,
    inputs: { pricePerGpuHour: listing.pricePerGpuHour },
    thresholds: {},
    before: listing,
    terms: null,
  }
}
