import { describeError } from '../errors/automation-error.ts'
import type { OpenReservation } from '../ledger/ledger-state.ts'
import type { RiskManager } from '../risk/risk-manager.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { AnyVenue, Reconciliation } from '../venue/venue.ts'
import { checkReceipt } from './check-receipt.ts'
import { postReceipt } from './post-receipt.ts'

export interface ReconcileReport {
  readonly settled: number
  readonly released: number
  /** Still unknown: their reservations stay. */
  readonly inDoubt: number
}

/**
 * How long after its expiry an intent of a strategy that does not run here is left to the process that sent it: "not done" might only mean
 * that the request has not arrived yet.
 */
const othersGraceMs = 300_000

/**
 * Ends every reservation whose fate a venue can tell. One that was never sent is released; one that was sent is looked up by its key
 * and nothing is repeated. What cannot be found out stays reserved, and the next is asked about.
 */
export async function reconcileOpen(options: {
  readonly venues: ReadonlyMap<string, AnyVenue>
  readonly risk: RiskManager
  readonly logger: Logger
  /** Ids that are being carried out and speak for themselves; those that are asked about are added while they are. */
  readonly inFlight: Set<string>
  /** The strategies that run here, or `undefined` for all. */
  readonly strategyIds?: ReadonlySet<string> | undefined
  readonly signal?: AbortSignal | undefined
}): Promise<ReconcileReport> {
  const { venues, risk, logger, inFlight, strategyIds, signal } = options
  const report = { settled: 0, released: 0, inDoubt: 0 }

  async function endOne(reservation: OpenReservation): Promise<keyof ReconcileReport> {
    const { id, intent, idempotencyKey } = reservation
    if (idempotencyKey === undefined) {
      // It may be sent at this very moment, by a process that was taken for dead.
      await risk.release(id, 'never sent', { onlyUnsent: true })
      return 'released'
    }
    const fate = await askVenue(venues.get(intent.venueId), reservation, idempotencyKey, signal)
    if (fate.status === 'done') {
      await postReceipt(risk, id, intent, fate.receipt)
      return 'settled'
    }
    if (fate.status === 'not-done') {
      await risk.release(id, 'the venue knows nothing of it')
      return 'released'
    }
    logger.warn({ intentId: intent.id }, `still in doubt: ${fate.reason}`)
    return 'inDoubt'
  }

  for (const reservation of risk.openReservations()) {
    const { id, intent, expiresAt } = reservation
    if (inFlight.has(id)) continue
    const isOurs = strategyIds === undefined || strategyIds.has(intent.strategyId)
    if (!isOurs && risk.clock.now() < expiresAt + othersGraceMs) continue
    inFlight.add(id)
    try {
      report[await endOne(reservation)]++
    } catch (error) {
      logger.error({ intentId: id }, `its end could not be written down, it stays reserved: ${describeError(error)}`)
      report.inDoubt++
    } finally {
      inFlight.delete(id)
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
