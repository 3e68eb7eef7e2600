import { describeError } from '../errors/automation-error.ts'
import type { OpenReservation } from '../ledger/ledger-state.ts'
import type { RiskManager } from '../risk/risk-manager.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { AnyVenue, Reconciliation } from '../venue/venue.ts'
import { checkReceipt } from './check-receipt.ts'

export interface ReconcileReport {
  readonly settled: number
  readonly released: number
  /** Still unknown: their reservations stay. */
  readonly inDoubt: number
}

/**
 * Ends every reservation whose fate a venue can tell. One that was never sent is released; one that was sent is looked up by its key
 * and nothing is repeated. What cannot be found out stays reserved, and the next is asked about.
 */
export async function reconcileOpen(options: {
  readonly venues: ReadonlyMap<string, AnyVenue>
  readonly risk: RiskManager
  readonly logger: Logger
  /** Ids that are being carried out and speak for themselves. */
  readonly inFlight: ReadonlySet<string>
  readonly signal?: AbortSignal | undefined
}): Promise<ReconcileReport> {
  const { venues, risk, logger, inFlight, signal } = options
  const report = { settled: 0, released: 0, inDoubt: 0 }
  for (const reservation of risk.openReservations()) {
    const { id, intent, idempotencyKey } = reservation
    if (inFlight.has(id)) continue
    if (idempotencyKey === undefined) {
      await risk.release(id, 'never sent')
      report.released++
      continue
    }
    const fate = await askVenue(venues.get(intent.venueId), reservation, idempotencyKey, signal)
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

async function askVenue(
  venue: AnyVenue | undefined,
  { intent }: OpenReservation,
  idempotencyKey: string,
  signal: AbortSignal | undefined,
): Promise<Reconciliation> {
  if (venue === undefined)
    return { status: 'unknown', reason: `the venue ${intent.venueId} is not here to be asked; run with it once` }
  try {
    const fate = await venue.reconcile(intent, { idempotencyKey, signal })
    return fate.status === 'done' ? { status: 'done', receipt: checkReceipt(fate.receipt, intent.id) } : fate
  } catch (error) {
    return { status: 'unknown', reason: describeError(error) }
  }
}
