import { AbortedError, describeError } from '../errors/automation-error.ts'
import type { Intent } from '../intent/intent.ts'
import type { RejectionCode } from '../risk/rejection.ts'
import type { ReserveResult, RiskManager } from '../risk/risk-manager.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Clock } from '../time/clock.ts'
import type { AnyVenue } from '../venue/venue.ts'
import { checkIntent } from './check-intent.ts'
import { inFlightOn } from './in-flight.ts'
import { type ReconcileReport, reconcileOpen } from './reconcile.ts'
import type { RunMode } from './run-mode.ts'
import { sendIntent } from './send-intent.ts'
import type { SubmitResult } from './submit-result.ts'

/** The one door to side effects. */
export interface Gate {
  /**
   * validate → state and budgets → durable "sent" → venue → durable outcome → settled, released, or in doubt.
   * Never throws for what a venue, a budget or a store answers: the result says how it ended.
   */
  submit(intent: Intent, options?: SubmitOptions): Promise<SubmitResult>
  /** Asks the venues what became of every intent that was sent, is not under way here, and has not ended. */
  reconcile(options?: { readonly signal?: AbortSignal | undefined }): Promise<ReconcileReport>
}

export interface SubmitOptions {
  readonly signal?: AbortSignal | undefined
  /** Pass every check and send nothing, also where the gate itself would act. */
  readonly dryRun?: boolean | undefined
}

export interface GateOptions {
  readonly venues: readonly AnyVenue[]
  readonly risk: RiskManager
  readonly clock: Clock
  readonly mode: RunMode
  readonly logger: Logger
  /**
   * Strategies that act through this gate. Intents in doubt of others are left to their own processes until some minutes after they expired.
   *
   * @default all: nobody else uses the store
   */
  readonly strategyIds?: readonly string[]
}

export function createGate(options: GateOptions): Gate {
  const { risk, clock, mode, logger } = options
  const venues = new Map(options.venues.map(venue => [venue.id, venue]))
  const inFlight = inFlightOn(risk.store)
  const strategyIds = options.strategyIds === undefined ? undefined : new Set(options.strategyIds)

  async function refuse(intent: Intent, code: RejectionCode, shortMessage: string): Promise<SubmitResult> {
    // What has no id is no intent and cannot be told apart in the journal.
    if (typeof intent?.id === 'string' && intent.id !== '')
      await risk
        .reject(intent, code, shortMessage)
        .catch(error => logger.error({ code }, `a refusal could not be written down: ${describeError(error)}`))
    else logger.warn({ code }, shortMessage)
    return { status: 'rejected', intentId: intent?.id, rejection: { code, shortMessage } }
  }

  /** A risk manager that throws instead of answering refuses as well. */
  async function reserve(intent: Intent): Promise<ReserveResult> {
    try {
      return await risk.reserve(intent)
    } catch (error) {
      const shortMessage = `refused, since the risk check failed: ${describeError(error)}`
      logger.error({ intentId: intent.id }, shortMessage)
      return { ok: false, rejection: { code: 'RISK_CHECK_FAILED', shortMessage } }
    }
  }

  /** Where even that fails, the reservation expires by itself: it was never sent. */
  async function giveBack(reservationId: string, reason: string): Promise<void> {
    await risk
      .release(reservationId, reason)
      .catch(error => logger.error({ intentId: reservationId }, `could not be released: ${describeError(error)}`))
  }

  async function carryOut(intent: Intent, venue: AnyVenue, submitOptions: SubmitOptions): Promise<SubmitResult> {
    const { signal } = submitOptions
    const intentId = intent.id
    const reserved = await reserve(intent)
    if (!reserved.ok) return { status: 'rejected', intentId, rejection: reserved.rejection }
    if (reserved.reservation.isRepeat) return underWay(intent)
    const reservationId = reserved.reservation.id
    if (mode === 'dry-run' || submitOptions.dryRun === true) {
      await giveBack(reservationId, 'dry run: nothing was sent')
      return { status: 'dry-run', intentId }
    }
    if (signal?.aborted) {
      await giveBack(reservationId, 'aborted before it was sent')
      return { status: 'failed', intentId, error: new AbortedError({ cause: signal.reason }) }
    }
    return sendIntent({ intent, reservationId, venue, risk, logger, signal })
  }

  return {
    async submit(proposed, submitOptions = {}) {
      const problem = checkIntent(proposed, venues, clock.now())
      if (problem !== undefined) return refuse(proposed, problem.code, problem.message)
      const intent = copyOf(proposed)
      if (intent === undefined)
        return refuse(proposed, 'INVALID_INTENT', 'it cannot be copied: expected plain data, without functions')
      if (inFlight.has(intent.id)) return underWay(intent)
      inFlight.add(intent.id)
      try {
        return await carryOut(intent, venues.get(intent.venueId) as AnyVenue, submitOptions)
      } finally {
        inFlight.delete(intent.id)
      }
    },

    reconcile: (reconcileOptions = {}) =>
      reconcileOpen({ venues, risk, logger, inFlight, strategyIds, signal: reconcileOptions.signal }),
  }
}

/** What is reserved is what is sent, whatever its author does to the object meanwhile. */
function copyOf(intent: Intent): Intent | undefined {
  try {
    return structuredClone(intent)
  } catch {
    return undefined
  }
}

function underWay(intent: Intent): SubmitResult {
  const shortMessage = `intent ${intent.id} is under way; wait for its end instead of submitting it again`
  return { status: 'rejected', intentId: intent.id, rejection: { code: 'DUPLICATE_INTENT', shortMessage } }
}
