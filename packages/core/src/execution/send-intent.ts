import { AutomationError, describeError, InvalidInputError } from '../errors/automation-error.ts'
import type { Intent } from '../intent/intent.ts'
import type { Receipt } from '../intent/receipt.ts'
import type { RiskManager } from '../risk/risk-manager.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { AnyVenue } from '../venue/venue.ts'
import { checkReceipt } from './check-receipt.ts'
import { postReceipt } from './post-receipt.ts'
import type { SubmitResult } from './submit-result.ts'

/**
 * Carries out a reserved intent: durable "sent", venue, durable outcome. Once the request may have left, nothing but the venue's word or
 * an error with `effect: 'none'` frees the reservation; where the outcome cannot be written down it stays as well.
 */
export async function sendIntent(options: {
  readonly intent: Intent
  readonly reservationId: string
  readonly venue: AnyVenue
  readonly risk: RiskManager
  readonly logger: Logger
  readonly signal?: AbortSignal | undefined
}): Promise<SubmitResult> {
  const { intent, reservationId, venue, risk, logger, signal } = options
  const intentId = intent.id
  const idempotencyKey = intent.id
  const about = { intentId }

  const writeDown = async (write: () => Promise<unknown>) => {
    try {
      await write()
    } catch (error) {
      logger.error(
        about,
        `the outcome could not be written down, reconciliation will ask the venue: ${describeError(error)}`,
      )
    }
  }

  try {
    await risk.markSent(reservationId, idempotencyKey)
    // The disk, or whoever stopped this process, may have taken longer than the intent may live.
    if (!(risk.clock.now() < intent.expiresAt))
      throw new AutomationError({ code: 'EXPIRED', message: 'expired while it was written down: propose anew' })
  } catch (thrown) {
    // What somebody else sent under a key of their own is under way: not ours to give back.
    if (AutomationError.isInstance(thrown) && thrown.code === 'ALREADY_SENT')
      return { status: 'unknown', intentId, error: thrown }
    const error = notSent(thrown)
    await writeDown(() => risk.release(reservationId, `${error.code}: ${error.shortMessage}`))
    return { status: 'failed', intentId, error }
  }

  let receipt: Receipt
  try {
    receipt = checkReceipt(await venue.execute(intent, { idempotencyKey, signal }), intentId)
  } catch (thrown) {
    const error = asVenueError(thrown)
    const code = error.code
    if (error.effect === 'none') {
      logger.warn({ ...about, code }, error.shortMessage)
      await writeDown(() => risk.release(reservationId, `${code}: ${error.shortMessage}`))
      return { status: 'failed', intentId, error }
    }
    logger.warn({ ...about, code }, `in doubt, the reservation stays: ${error.shortMessage}`)
    await writeDown(() => risk.markInDoubt(reservationId, code, error.shortMessage))
    return { status: 'unknown', intentId, error }
  }

  try {
    await postReceipt(risk, reservationId, intent, receipt)
  } catch (thrown) {
    const error = new AutomationError({
      code: 'OUTCOME_NOT_WRITTEN',
      message: `done at ${venue.id}, but it could not be written down: ${describeError(thrown)}; the reservation stays until the venue was asked`,
      effect: 'done',
      cause: thrown,
    })
    logger.error({ ...about, code: error.code }, error.shortMessage)
    return { status: 'unknown', intentId, error }
  }
  return { status: 'settled', intentId, receipt }
}

function notSent(thrown: unknown): AutomationError {
  const cause = AutomationError.isInstance(thrown) ? thrown : undefined
  return new AutomationError({
    code: cause?.code ?? 'STORE_UNAVAILABLE',
    message: `nothing was sent: ${describeError(thrown)}`,
    effect: 'none',
    retryable: cause?.retryable ?? false,
    cause: thrown,
  })
}

/**
 * What a venue threw that is no error of ours may have happened after the request left: its effect is unknown. So is that of an input found
 * wrong, whatever it says: the intent was checked before, so it may be the market's answer that its reading stumbled over.
 */
function asVenueError(thrown: unknown): AutomationError {
  const isWrongInput = thrown instanceof Error && thrown.name === InvalidInputError.name
  if (AutomationError.isInstance(thrown) && !isWrongInput) return thrown
  return new AutomationError({
    code: 'VENUE_FAILED',
    message: `the venue failed: ${describeError(thrown)}`,
    effect: 'unknown',
    cause: thrown,
  })
}
