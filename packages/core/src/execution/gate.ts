import { AbortedError, describeError, InvalidInputError } from '../errors/automation-error.ts'
import type { Intent } from '../intent/intent.ts'
import type { RejectionCode, RiskRejection } from '../risk/rejection.ts'
import type { GroupResult, ReserveResult, RiskManager } from '../risk/risk-manager.ts'
import type { Logger } from '../telemetry/logger.ts'
import { redact } from '../telemetry/redact.ts'
import type { Clock } from '../time/clock.ts'
import type { AnyVenue } from '../venue/venue.ts'
import { carryOutGroup } from './carry-out-group.ts'
import { checkIntent, type IntentProblem } from './check-intent.ts'
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
  /**
   * Reserves for all of them or none, such as the two legs of an arbitrage; then sends them in order, and gives back what is left when one
   * does not go through. One result for each. What reduces risk goes alone: in a group it would share the others' refusal.
   */
  submitGroup(intents: readonly Intent[], options?: GroupOptions): Promise<readonly SubmitResult[]>
  /** Asks the venues what became of every intent that was sent, is not under way here, and has not ended. */
  reconcile(options?: { readonly signal?: AbortSignal | undefined }): Promise<ReconcileReport>
}

export interface SubmitOptions {
  readonly signal?: AbortSignal | undefined
  /** Pass every check and send nothing, also where the gate itself would act. */
  readonly dryRun?: boolean | undefined
}

export interface GroupOptions extends SubmitOptions {
  /**
   * Asked after each but the last, with all results so far: `false` gives the rest back unsent. Some markets say "done" of an order that met
   * nobody.
   *
   * @default while all went through
   */
  readonly isNextWanted?: ((done: readonly SubmitResult[]) => boolean) | undefined
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

/** @throws {InvalidInputError} `REAL_VENUE` for the mode `simulated` over a venue that is none. */
export function createGate(options: GateOptions): Gate {
  const { risk, clock, mode, logger } = options
  if (mode === 'simulated') refuseRealVenues(options.venues)
  const venues = new Map(options.venues.map(venue => [venue.id, venue]))
  const inFlight = inFlightOn(risk.store)
  const strategyIds = options.strategyIds === undefined ? undefined : new Set(options.strategyIds)

  /** The intent as it will be reserved and sent, whatever its author does to the object meanwhile; or what is wrong with it. */
  function admit(proposed: Intent): { readonly intent: Intent } | { readonly problem: IntentProblem } {
    const problem = checkIntent(proposed, venues, clock.now())
    if (problem !== undefined) return { problem }
    try {
      return { intent: structuredClone(proposed) }
    } catch {
      const message = 'it cannot be copied: expected plain data, without functions'
      return { problem: { code: 'INVALID_INTENT', message } }
    }
  }

  async function refuse(intent: Intent, code: RejectionCode, shortMessage: string): Promise<SubmitResult> {
    // What has no id is no intent and cannot be told apart in the journal.
    if (typeof intent?.id === 'string' && intent.id !== '')
      await risk
        .reject(forTheRecord(intent), code, shortMessage)
        .catch(error => logger.error({ code }, `a refusal could not be written down: ${describeError(error)}`))
    else logger.warn({ code }, shortMessage)
    return rejected(intent, { code, shortMessage })
  }

  function admitInto(group: Intent[], proposed: Intent): IntentProblem | undefined {
    const admitted = admit(proposed)
    if ('problem' in admitted) return admitted.problem
    const { intent } = admitted
    if (inFlight.has(intent.id)) return { code: 'DUPLICATE_INTENT', message: underWayMessage(intent) }
    if (group.some(({ id }) => id === intent.id))
      return { code: 'DUPLICATE_INTENT', message: `two intents of the group have the id ${intent.id}` }
    group.push(intent)
    return undefined
  }

  async function refuseGroup(proposed: readonly Intent[], failed: Intent, problem: IntentProblem) {
    const results: SubmitResult[] = []
    for (const intent of proposed) {
      // What is under way has its own end to come, which a refusal on record would contradict.
      if (inFlight.has(intent?.id)) results.push(underWay(intent))
      else if (intent === failed) results.push(await refuse(intent, problem.code, problem.message))
      else results.push(await refuse(intent, 'GROUP_REFUSED', withGroup(failed?.id).shortMessage))
    }
    return results
  }

  /** A risk manager that throws instead of answering refuses as well. */
  function asRefusal(error: unknown): { readonly ok: false; readonly rejection: RiskRejection } {
    const shortMessage = `refused, since the risk check failed: ${describeError(error)}`
    logger.error({}, shortMessage)
    return { ok: false, rejection: { code: 'RISK_CHECK_FAILED', shortMessage } }
  }

  /** Where even that fails, the reservation expires by itself: it was never sent. */
  async function giveBack(reservationId: string, reason: string): Promise<void> {
    await risk
      .release(reservationId, reason)
      .catch(error => logger.error({ intentId: reservationId }, `could not be released: ${describeError(error)}`))
  }

  const isDry = ({ dryRun }: SubmitOptions) => mode === 'dry-run' || dryRun === true

  async function dryRun({ id }: Intent): Promise<SubmitResult> {
    await giveBack(id, 'dry run: nothing was sent')
    return { status: 'dry-run', intentId: id }
  }

  function send(intent: Intent, signal: AbortSignal | undefined): Promise<SubmitResult> {
    const venue = venues.get(intent.venueId) as AnyVenue
    return sendIntent({ intent, reservationId: intent.id, venue, risk, logger, signal })
  }

  async function carryOut(intent: Intent, submitOptions: SubmitOptions): Promise<SubmitResult> {
    const { signal } = submitOptions
    const reserved: ReserveResult = await risk.reserve(intent).catch(asRefusal)
    if (!reserved.ok) return rejected(intent, reserved.rejection)
    if (reserved.reservation.isRepeat) return underWay(intent)
    if (isDry(submitOptions)) return dryRun(intent)
    if (signal?.aborted) {
      await giveBack(intent.id, 'aborted before it was sent')
      return { status: 'failed', intentId: intent.id, error: new AbortedError({ cause: signal.reason }) }
    }
    return send(intent, signal)
  }

  async function carryOutAll(
    intents: readonly Intent[],
    submitOptions: GroupOptions,
  ): Promise<readonly SubmitResult[]> {
    const { signal, isNextWanted } = submitOptions
    const reserved: GroupResult = await risk
      .reserveGroup(intents)
      .catch(error => ({ ...asRefusal(error), failedId: intents[0]?.id }))
    if (!reserved.ok) {
      const { failedId, rejection } = reserved
      return intents.map(intent => rejected(intent, intent.id === failedId ? rejection : withGroup(failedId)))
    }
    const repeat = reserved.reservations.find(reservation => reservation.isRepeat)
    if (repeat !== undefined) {
      for (const { id, isRepeat } of reserved.reservations)
        if (!isRepeat) await giveBack(id, `${repeat.intentId} of the same group is under way`)
      return intents.map(intent =>
        intent.id === repeat.intentId ? underWay(intent) : rejected(intent, withGroup(repeat.intentId)),
      )
    }
    if (isDry(submitOptions)) return Promise.all(intents.map(dryRun))
    return carryOutGroup({ intents, send: intent => send(intent, signal), giveBack, signal, isNextWanted })
  }

  return {
    async submit(proposed, submitOptions = {}) {
      const admitted = admit(proposed)
      if ('problem' in admitted) return refuse(proposed, admitted.problem.code, admitted.problem.message)
      const { intent } = admitted
      if (inFlight.has(intent.id)) return underWay(intent)
      inFlight.add(intent.id)
      try {
        return await carryOut(intent, submitOptions)
      } finally {
        inFlight.delete(intent.id)
      }
    },

    async submitGroup(proposed, submitOptions = {}) {
      const intents: Intent[] = []
      for (const one of proposed) {
        const problem = admitInto(intents, one)
        if (problem !== undefined) return refuseGroup(proposed, one, problem)
      }
      for (const { id } of intents) inFlight.add(id)
      try {
        return await carryOutAll(intents, submitOptions)
      } finally {
        for (const { id } of intents) inFlight.delete(id)
      }
    },

    reconcile: (reconcileOptions = {}) =>
      reconcileOpen({ venues, risk, logger, inFlight, strategyIds, signal: reconcileOptions.signal }),
  }
}

/** Whoever writes `simulated` does not mean to spend money. */
function refuseRealVenues(venues: readonly AnyVenue[]): void {
  const real = venues.find(venue => venue.isReal === true)
  if (real === undefined) return
  throw new InvalidInputError({
    code: 'REAL_VENUE',
    message: `${real.id} is a real market, and mode 'simulated' acts on stand-ins alone: choose 'dry-run' to look or 'live' to act`,
  })
}

function rejected(intent: Intent, rejection: RiskRejection): SubmitResult {
  return { status: 'rejected', intentId: intent?.id, rejection }
}

/** What nobody has checked may hold a key in its parameters, perhaps the very reason why it is refused; the journal keeps all for ever. */
function forTheRecord(intent: Intent): Intent {
  return { ...intent, params: redact({ params: intent.params })['params'] }
}

function underWay(intent: Intent): SubmitResult {
  return rejected(intent, { code: 'DUPLICATE_INTENT', shortMessage: underWayMessage(intent) })
}

function underWayMessage({ id }: Intent): string {
  return `intent ${id} is under way; wait for its end instead of submitting it again`
}

function withGroup(failedId: string | undefined): RiskRejection {
  return { code: 'GROUP_REFUSED', shortMessage: `nothing was done, since ${failedId} of the same group was refused` }
}
