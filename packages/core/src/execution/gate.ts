import { AutomationError, describeError } from '../errors/automation-error.ts'
import type { Intent } from '../intent/intent.ts'
import type { Receipt } from '../intent/receipt.ts'
import type { RejectionCode } from '../risk/rejection.ts'
import type { RiskManager } from '../risk/risk-manager.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Clock } from '../time/clock.ts'
import type { Venue } from '../venue/venue.ts'
import { checkIntent } from './check-intent.ts'
import { type ReconcileReport, reconcileOpen } from './reconcile.ts'
import type { RunMode } from './run-mode.ts'
import type { SubmitResult } from './submit-result.ts'

/** The one door to side effects. */
export interface Gate {
  /**
   * validate → state and budgets → durable "sent" → venue → durable outcome → settled, released, or in doubt.
   * Never throws for what a venue or a budget answers: the result says how it ended.
   */
  submit(intent: Intent, options?: SubmitOptions): Promise<SubmitResult>
  /** Asks the venues what became of every intent that was sent and has not ended. */
  reconcile(options?: { readonly signal?: AbortSignal | undefined }): Promise<ReconcileReport>
}

export interface SubmitOptions {
  readonly signal?: AbortSignal | undefined
  /** Pass every check and send nothing, also where the gate itself would act. */
  readonly dryRun?: boolean | undefined
}

export interface GateOptions {
  readonly venues: readonly Venue[]
  readonly risk: RiskManager
  readonly clock: Clock
  readonly mode: RunMode
  readonly logger: Logger
}

export function createGate(options: GateOptions): Gate {
  const { risk, clock, mode, logger } = options
  const venues = new Map(options.venues.map(venue => [venue.id, venue]))

  async function refuse(intent: Intent, code: RejectionCode, shortMessage: string): Promise<SubmitResult> {
    await risk.reject(intent, code, shortMessage)
    return { status: 'rejected', intentId: intent.id, rejection: { code, shortMessage } }
  }

  return {
    async submit(intent, submitOptions = {}) {
      const venue = venues.get(intent.venueId)
      if (venue === undefined)
        return refuse(
          intent,
          'UNKNOWN_VENUE',
          `no venue is named ${intent.venueId}; known: ${[...venues.keys()].join(', ')}`,
        )
      const problem = checkIntent(intent, venue, clock.now())
      if (problem !== undefined) return refuse(intent, problem.code, problem.message)

      const reserved = await risk.reserve(intent)
      if (!reserved.ok) return { status: 'rejected', intentId: intent.id, rejection: reserved.rejection }
      const { id, isRepeat } = reserved.reservation
      if (isRepeat) {
        const shortMessage = `intent ${id} is under way; wait for its end instead of submitting it again`
        return { status: 'rejected', intentId: intent.id, rejection: { code: 'DUPLICATE_INTENT', shortMessage } }
      }
      if (mode === 'dry-run' || submitOptions.dryRun === true) {
        await risk.release(id, 'dry run: nothing was sent')
        return { status: 'dry-run', intentId: intent.id }
      }

      const idempotencyKey = intent.id
      await risk.markSent(id, idempotencyKey)
      let receipt: Receipt
      try {
        receipt = await venue.execute(intent, { idempotencyKey, signal: submitOptions.signal })
      } catch (thrown) {
        const error = asAutomationError(thrown)
        if (error.effect === 'none') {
          await risk.release(id, `${error.code}: ${error.shortMessage}`)
          logger.warn({ intentId: intent.id, code: error.code }, error.shortMessage)
          return { status: 'failed', intentId: intent.id, error }
        }
        await risk.markInDoubt(id, error.code, error.shortMessage)
        logger.warn({ intentId: intent.id, code: error.code }, `in doubt, the reservation stays: ${error.shortMessage}`)
        return { status: 'unknown', intentId: intent.id, error }
      }
      await risk.settle(id, receipt.postings, receipt)
      return { status: 'settled', intentId: intent.id, receipt }
    },

    reconcile: (reconcileOptions = {}) => reconcileOpen({ venues, risk, logger, signal: reconcileOptions.signal }),
  }
}

/** What a venue threw that is no error of ours may have happened after the request left: its effect is unknown. */
function asAutomationError(thrown: unknown): AutomationError {
  if (AutomationError.isInstance(thrown)) return thrown
  return new AutomationError({
    code: 'VENUE_FAILED',
    message: `the venue failed: ${describeError(thrown)}`,
    effect: 'unknown',
    cause: thrown,
  })
}
