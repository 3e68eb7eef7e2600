import { AutomationError, describeError, InvalidInputError } from '../errors/automation-error.ts'
import type { Measure, Posting } from '../intent/effect.ts'
import type { Intent } from '../intent/intent.ts'
import type { Json } from '../intent/json.ts'
import type { Receipt } from '../intent/receipt.ts'
import { endingOf } from '../journal/ending-of.ts'
import type { Fact } from '../journal/fact.ts'
import { attemptsOf } from '../ledger/apply-postings.ts'
import { eventOf } from '../ledger/breaker.ts'
import type { ConstraintSpec } from '../ledger/constraint-spec.ts'
import { decideReserveGroup } from '../ledger/decide-group.ts'
import { decideReserve, expireUnsent, type ReserveDecision } from '../ledger/decide-reserve.ts'
import {
  decideSettle,
  openReservation,
  requireCountable,
  type SettleResult,
  sizeOf,
  tripsAfterOutcome,
} from '../ledger/decide-settle.ts'
import { type PlacedEvent, tripsAfterEvents, tripsAfterPostings } from '../ledger/decide-trips.ts'
import { isOver, type LedgerState, type OpenReservation } from '../ledger/ledger-state.ts'
import { describeScope, type Origin, requireOrigin, type Scope, scopeSchema } from '../ledger/scope.ts'
import { requireStopped, strictestState } from '../ledger/trading-state.ts'
import { type Amount, type Micros, toMicros } from '../money/micros.ts'
import { memoryStore } from '../store/memory-store.ts'
import type { Decision, Store } from '../store/store.ts'
import type { Clock } from '../time/clock.ts'
import { systemClock } from '../time/system-clock.ts'
import { Account } from './account.ts'
import { assessPortfolio, budgetStatus, keyFor } from './assess-portfolio.ts'
import { configureConstraints } from './configure-constraints.ts'
import { type RiskConstraint, withLimit } from './constraint.ts'
import { explainRefusal } from './explain-refusal.ts'
import { ledgerTime, requireClocksAgree } from './ledger-time.ts'
import { budgetToRearm } from './locked-budget.ts'
import type { RejectionCode, RiskRejection } from './rejection.ts'
import { reservationOf } from './reservation-of.ts'
import type {
  BudgetStatus,
  GroupResult,
  PortfolioAssessment,
  ReserveAmounts,
  ReserveResult,
  ResultRecord,
  RiskManager,
  TradingState,
} from './risk-manager.ts'
import { setTimeBack } from './set-time-back.ts'
import { requireWhoAndWhy } from './who-and-why.ts'
import { exactClosed, exactPostings, recordedFact, rejectedFact } from './written-facts.ts'

/**
 * The shared risk budget over a store. One instance or a thousand processes: the store is the truth.
 *
 * @example
 * const risk = new DefaultRiskManager([dailyLoss({ limit: 500 }), frequency({ limit: 60, per: '1h' })])
 * bot.setRiskManager(risk)
 * console.log(risk.remaining('max_daily_loss').available)
 */
export class DefaultRiskManager implements RiskManager {
  readonly clock: Clock
  readonly store: Store
  readonly #constraints: readonly RiskConstraint[]
  readonly #startEquity: Micros | undefined
  #defined: Promise<void> | undefined
  #isReady = false

  /**
   * @param options `store` default in memory; `clock` default the system's; `startEquity`: equity before the store's first result, for
   *   the assessment.
   * @throws {InvalidInputError} `DUPLICATE_CONSTRAINT` when two constraints share a name.
   */
  constructor(
    constraints: readonly RiskConstraint[],
    options: { readonly store?: Store; readonly clock?: Clock; readonly startEquity?: Amount } = {},
  ) {
    const names = new Set<string>()
    for (const { name } of constraints) {
      if (names.has(name))
        throw new InvalidInputError({
          code: 'DUPLICATE_CONSTRAINT',
          message: `two constraints are named ${JSON.stringify(name)}: give one of them another name`,
        })
      names.add(name)
    }
    this.#constraints = constraints
    this.#startEquity = options.startEquity === undefined ? undefined : toMicros(options.startEquity, 'down')
    this.clock = options.clock ?? systemClock
    this.store = options.store ?? memoryStore()
  }

  ready(): Promise<void> {
    this.#defined ??= this.#define()
    return this.#defined
  }

  async reserve(intent: Intent, options: ReserveAmounts = {}): Promise<ReserveResult> {
    const upTo = options.upTo === undefined ? undefined : new Set(options.upTo)
    try {
      return await this.#commit<ReserveResult>(state => {
        const nowMs = this.#now(state)
        requireOrigin(intent)
        if (!intent.reduces) requireClocksAgree(this.clock, nowMs)
        // In the ledger's time: another process's clock that is ahead must not cut an intent's life short.
        const aheadMs = nowMs - this.clock.now()
        const { decision, facts } = decideReserve(state, intent, nowMs, { upTo, aheadMs })
        if (decision.kind === 'reserved' || decision.kind === 'exists')
          return { facts, result: { ok: true, reservation: reservationOf(state, intent, decision, aheadMs) } }
        const rejection = explainRefusal(decision, intent)
        // A repeated id was written down when it first ended; a second entry would only blur that.
        const refused = decision.kind === 'duplicate' ? [] : [rejectedFact(intent, rejection, decision)]
        return { facts: [...facts, ...refused], result: { ok: false, rejection } }
      })
    } catch (error) {
      // A risk check that cannot be made refuses: it never lets through.
      const shortMessage = `refused, since the risk check failed: ${describeError(error)}`
      await this.reject(intent, 'RISK_CHECK_FAILED', shortMessage).catch(() => {})
      return { ok: false, rejection: { code: 'RISK_CHECK_FAILED', shortMessage } }
    }
  }

  async reserveGroup(intents: readonly Intent[]): Promise<GroupResult> {
    try {
      return await this.#commit<GroupResult>(state => {
        const nowMs = this.#now(state)
        intents.forEach(requireOrigin)
        if (intents.some(({ reduces }) => !reduces)) requireClocksAgree(this.clock, nowMs)
        const aheadMs = nowMs - this.clock.now()
        const { decisions, facts } = decideReserveGroup(state, intents, nowMs, aheadMs)
        const failedAt = decisions.findIndex(({ kind }) => kind !== 'reserved' && kind !== 'exists')
        const failure = decisions[failedAt]
        const failed = intents[failedAt]
        if (failed === undefined || failure === undefined || failure.kind === 'reserved' || failure.kind === 'exists') {
          const reservations = intents.map((intent, i) =>
            reservationOf(
              state,
              intent,
              decisions[i] as Extract<ReserveDecision, { kind: 'reserved' | 'exists' }>,
              aheadMs,
            ),
          )
          return { facts, result: { ok: true, reservations } }
        }
        const rejection = explainRefusal(failure, failed)
        const others: RiskRejection = {
          code: 'GROUP_REFUSED',
          shortMessage: `not reserved, since ${failed.id} of the same group was refused: ${rejection.shortMessage}`,
        }
        const isNew = ({ id }: Intent) => !state.reservations.has(id) && !isOver(state, id)
        const refused = intents
          .filter(isNew)
          .map(intent => (intent === failed ? rejectedFact(intent, rejection, failure) : rejectedFact(intent, others)))
        return { facts: [...facts, ...refused], result: { ok: false, failedId: failed.id, rejection } }
      })
    } catch (error) {
      const shortMessage = `refused, since the risk check failed: ${describeError(error)}`
      for (const intent of intents) await this.reject(intent, 'RISK_CHECK_FAILED', shortMessage).catch(() => {})
      return { ok: false, failedId: intents[0]?.id, rejection: { code: 'RISK_CHECK_FAILED', shortMessage } }
    }
  }

  markSent(reservationId: string, idempotencyKey: string): Promise<void> {
    return this.#commit(state => {
      const reservation = openReservation(state, reservationId)
      if (reservation === undefined || this.#now(state) >= reservation.expiresAt)
        throw new AutomationError({
          code: 'RESERVATION_ENDED',
          message: `intent ${reservationId} may not be sent any more: its reservation has expired or was released; propose anew`,
        })
      const { intent, idempotencyKey: sentUnder } = reservation
      if (sentUnder !== undefined && sentUnder !== idempotencyKey)
        throw new AutomationError({
          code: 'ALREADY_SENT',
          message: `intent ${reservationId} was sent under the key ${JSON.stringify(sentUnder)}: expected the same key, was ${JSON.stringify(idempotencyKey)}; ask the venue what became of it`,
          effect: 'unknown',
        })
      // The kill switch may have been pulled since the reservation was made, by any process.
      const stop = intent.reduces ? undefined : strictestState(state, intent)
      if (stop !== undefined)
        throw new AutomationError({
          code: stop.state === 'halted' ? 'HALTED' : 'REDUCING_ONLY',
          message: `intent ${reservationId} may not be sent: ${stop.state} (${stop.scope}), ${stop.reason}`,
        })
      const facts: Fact[] = sentUnder === undefined ? [{ type: 'intent-sent', reservationId, idempotencyKey }] : []
      return { facts, result: undefined }
    })
  }

  markInDoubt(reservationId: string, code: string, message: string): Promise<void> {
    return this.#commit(state => {
      const reservation = openReservation(state, reservationId)
      if (reservation === undefined) return { facts: [], result: undefined }
      const facts: Fact[] = [{ type: 'intent-in-doubt', reservationId, code, message }]
      if (!reservation.isInDoubt) tripsAfterOutcome(state, reservation.intent, true, this.#now(state), facts)
      return { facts, result: undefined }
    })
  }

  async settle(reservationId: string, postings: readonly Posting[], receipt?: Receipt): Promise<SettleResult> {
    const exact = exactPostings(postings)
    try {
      return await this.#commit(state => {
        const nowMs = this.#now(state)
        const closed = receipt?.closed === undefined ? undefined : exactClosed(receipt.closed, nowMs)
        return decideSettle(state, reservationId, exact, nowMs, { receipt, closed })
      })
    } catch (error) {
      if (!AutomationError.isInstance(error) || error.code !== 'UNKNOWN_RESERVATION') throw error
      // The ledger remembers the newest that ended; the journal all of them.
      const ending = await this.clock.track(endingOf(this.store.journal(), reservationId))
      if (ending === undefined) throw error
      return ending === 'settled' ? 'settled-before' : 'ended-before'
    }
  }

  release(reservationId: string, reason: string, options: { readonly onlyUnsent?: boolean } = {}): Promise<void> {
    return this.#commit(state => {
      const reservation = openReservation(state, reservationId)
      const isKept = options.onlyUnsent === true && reservation?.idempotencyKey !== undefined
      if (reservation === undefined || isKept) return { facts: [], result: undefined }
      requireCountable(state, reservation.intent, attemptsOf(reservation))
      const facts: Fact[] = [{ type: 'intent-released', reservationId, reason }]
      if (reservation.idempotencyKey !== undefined && !reservation.isInDoubt)
        tripsAfterOutcome(state, reservation.intent, true, this.#now(state), facts)
      return { facts, result: undefined }
    })
  }

  reject(intent: Intent, code: RejectionCode, message: string): Promise<void> {
    // The end of the first submission stands; a repeat under the same id must not blur it.
    const isKnown = (state: LedgerState) => state.reservations.has(intent.id) || isOver(state, intent.id)
    return this.#commit(state => ({
      facts: isKnown(state) ? [] : [{ type: 'intent-rejected', intent, code, message }],
      result: undefined,
    }))
  }

  record(record: ResultRecord): Promise<void> {
    return this.recordAll([record])
  }

  async recordAll(
    records: readonly ResultRecord[],
    { states }: { readonly states?: ReadonlyMap<string, Json> | undefined } = {},
  ): Promise<void> {
    records.forEach(requireOrigin)
    const exact = records.map(record => ({ origin: record, postings: exactPostings(record.postings) }))
    const size = sizeOf(exact.flatMap(({ postings }) => postings))
    return this.#commit(state => {
      const nowMs = this.#now(state)
      const facts: Fact[] = expireUnsent(state, nowMs)
      const closings: PlacedEvent[] = []
      const trips: Fact[] = []
      for (const { origin: record, postings } of exact) {
        requireCountable(state, record, postings, size)
        const closed = record.closed === undefined ? undefined : exactClosed(record.closed, nowMs)
        if (closed !== undefined) closings.push({ origin: record, event: eventOf(closed) })
        facts.push(recordedFact(record, postings, closed))
      }
      tripsAfterPostings(state, exact, trips)
      if (closings.length > 0) tripsAfterEvents(state, 'closed-positions', closings, nowMs, trips)
      return { facts: [...facts, ...trips], result: undefined, ...(states === undefined ? {} : { states }) }
    })
  }

  openReservations(): readonly OpenReservation[] {
    return [...this.store.read().reservations.values()]
  }

  remaining(constraint: string, origin: Partial<Origin> = {}): BudgetStatus {
    const state = this.store.read()
    // Before anything was written down, what is configured will be.
    const toCome = this.#isReady ? [] : this.#constraints
    const spec = specNamed(state, constraint, toCome)
    return budgetStatus(state, spec, origin, this.#now(state))
  }

  assessPortfolio(): PortfolioAssessment {
    const state = this.store.read()
    return assessPortfolio(state, this.#now(state), this.#startEquity)
  }

  halt(scope: Scope, reason: string, by: string): Promise<void> {
    return this.#setState(scope, 'halted', reason, by)
  }

  reduceOnly(scope: Scope, reason: string, by: string): Promise<void> {
    return this.#setState(scope, 'reducing', reason, by)
  }

  resume(scope: Scope, reason: string, by: string): Promise<void> {
    return this.#setState(scope, 'active', reason, by)
  }

  state(origin: Partial<Origin> = {}): TradingState {
    return strictestState(this.store.read(), origin)?.state ?? 'active'
  }

  async setLimit(constraint: string, limit: Amount, reason: string, by: string): Promise<void> {
    requireWhoAndWhy(by, reason)
    return this.#commit(state => {
      const spec = specNamed(state, constraint)
      const changed = withLimit(spec, limit)
      return { facts: [{ type: 'constraint-set', constraint: changed, reason, by }], result: undefined }
    })
  }

  async retireConstraint(constraint: string, reason: string, by: string): Promise<void> {
    requireWhoAndWhy(by, reason)
    return this.#commit(state => {
      const { name } = specNamed(state, constraint)
      return { facts: [{ type: 'constraint-retired', name, reason, by }], result: undefined }
    })
  }

  async rearm(constraint: string, reason: string, by: string, origin: Partial<Origin> = {}): Promise<void> {
    requireWhoAndWhy(by, reason)
    return this.#commit(state => {
      const spec = specNamed(state, constraint)
      const budget = budgetToRearm(state, spec, keyFor(spec, origin), this.#now(state))
      return { facts: [{ type: 'breaker-rearmed', budget, reason, by }], result: undefined }
    })
  }

  async setTimeBack(reason: string, by: string): Promise<void> {
    requireWhoAndWhy(by, reason)
    await this.ready()
    if (this.#now(this.store.read()) > this.clock.now())
      await this.clock.track(setTimeBack(this.store, this.clock.now(), reason, by))
  }

  account(measure: Measure, origin: Origin): Account {
    requireOrigin(origin)
    return new Account(this, measure, origin)
  }

  async #setState(scope: Scope, next: TradingState, reason: string, by: string): Promise<void> {
    requireWhoAndWhy(by, reason)
    const parsed = scopeSchema.safeParse(scope)
    // A misspelt field would otherwise mean "everywhere".
    if (!parsed.success)
      throw new InvalidInputError({
        code: 'INVALID_SCOPE',
        message: `expected a scope such as {} or { venue: 'x' }: ${parsed.error.issues[0]?.message ?? ''}`,
      })
    const inWords = describeScope(parsed.data)
    await this.#commit(state => {
      if (next === 'active') requireStopped(state, inWords)
      return { facts: [{ type: 'state-changed', scope: inWords, state: next, reason, by }], result: undefined }
    })
  }

  #commit<T>(decide: (state: LedgerState) => Omit<Decision<T>, 'at'>): Promise<T> {
    const decideNow = (state: LedgerState) => {
      const { facts, result, states } = decide(state)
      const at = this.#now(state)
      return states === undefined ? { facts, result, at } : { facts, result, at, states }
    }
    if (this.#isReady) return this.clock.track(this.store.commit(decideNow))
    return this.ready().then(() => this.clock.track(this.store.commit(decideNow)))
  }

  async #define(): Promise<void> {
    try {
      await this.clock.track(
        this.store.commit(state => ({
          facts: configureConstraints(state, this.#constraints),
          at: this.#now(state),
          result: undefined,
        })),
      )
      this.#isReady = true
    } catch (error) {
      // A store that was away for a moment must not refuse for ever.
      this.#defined = undefined
      throw error
    }
  }

  #now(state: LedgerState): number {
    return ledgerTime(this.clock, state)
  }
}

function specNamed(
  { constraints }: LedgerState,
  constraint: string,
  toCome: readonly ConstraintSpec[] = [],
): ConstraintSpec {
  const spec = constraints.get(constraint) ?? toCome.find(({ name }) => name === constraint)
  if (spec !== undefined) return spec
  const known = new Set([...constraints.keys(), ...toCome.map(({ name }) => name)])
  throw new InvalidInputError({
    code: 'UNKNOWN_CONSTRAINT',
    message: `no constraint is named ${JSON.stringify(constraint)}; known: ${[...known].join(', ') || 'none'}`,
  })
}
