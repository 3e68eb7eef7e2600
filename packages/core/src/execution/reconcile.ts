import { describeError } from '../errors/automation-error.ts'
import type { RiskManager } from '../risk/risk-manager.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Reconciliation, Venue } from '../venue/venue.ts'

export interface ReconcileReport {
  readonly settled: number
  readonly released: number
  /** Still unknown: their reservations stay. */
  readonly inDoubt: number
}

/**
 * Ends every reservation whose fate a venue can tell. One that was never sent is released; one that was sent is looked up by its key
 * and nothing is repeated.
 */
export async function reconcileOpen(options: {
  readonly venues: ReadonlyMap<string, Venue>
  readonly risk: RiskManager
  readonly logger: Logger
  readonly signal?: AbortSignal | undefined
}): Promise<ReconcileReport> {
  const { venues, risk, logger, signal } = options
  const report = { settled: 0, released: 0, inDoubt: 0 }
  for (const reservation of risk.openReservations()) {
    const { id, intent, idempotencyKey } = reservation
    const venue = venues.get(intent.venueId)
    if (venue === undefined) continue
    if (idempotencyKey === undefined) {
      await risk.release(id, 'never sent')
      report.released++
      continue
    }
    let fate: Reconciliation
    try {
      fate = await venue.reconcile(intent, { idempotencyKey, signal })
    } catch (error) {
      fate = { status: 'unknown', reason: describeError(error) }
    }
    if (fate.status === 'done') {
      await risk.settle(id, fate.receipt.postings, fate.receipt)
      report.settled++
    } else if (fate.status === 'not-done') {
      await risk.release(id, 'the venue knows nothing of it')
      report.released++
    } else {
      logger.warn({ intentId: intent.id }, `still in doubt: ${fate.reason}`)
      report.inDoubt++
    }
  }
  return report
}
