import { AutomationError, describeError, InvalidInputError } from '../errors/automation-error.ts'
import type { Posting } from '../intent/effect.ts'
import type { Intent } from '../intent/intent.ts'
import type { Receipt } from '../intent/receipt.ts'
import type { ExactPosting, Fact } from '../journal/fact.ts'
import { decideReserve, expireUnsent } from '../ledger/decide-reserve.ts'
import { decideSettle, openReservation, requireCountable, type SettleResult } from '../ledger/decide-settle.ts'
import type { LedgerState, OpenReservation } from '../ledger/ledger-state.ts'
import { describeScope, type Origin, type Scope, scopeSchema } from '../ledger/scope.ts'
import { strictestState } from '../ledger/trading-state.ts'
import { type Amount, toMicros } from '../money/micros.ts'
import { memoryStore } from '../store/memory-store.ts'
import type { Store } from '../store/store.ts'
import type { Clock } from '../time/clock.ts'
import { systemClock } from '../time/system-clock.ts'
import { assessPortfolio, budgetStatus } from './assess-portfolio.ts'
import { configureConstraints } from './configure-constraints.ts'
import { defineConstraint, type RiskConstraint } from './constraint.ts'
import { explainRefusal } from './explain-refusal.ts'
import type { RejectionCode } from './rejection.ts'
import type {
  BudgetStatus,
  PortfolioAssessment,
  ReserveResult,
  ResultRecord,
  RiskManager,
  TradingState,
} from './risk-manager.ts'

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
  #defined: Promise<void> | undefined

  /**
   * @throws {InvalidInputError} `DUPLICATE_CONSTRAINT` when two constraints share a name.
   */
  constructor(
    constraints: readonly RiskConstraint[],
    options: { readonly store?: Store; readonly clock?: Clock } = {},
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
    this.clock = options.clock ?? systemClock
    this.store = options.store ?? memoryStore()
  }

  ready(): Promise<void> {
    this.#defined ??= this.#define()
    return this.#defined
  }

  async reserve(intent: Intent): Promise<ReserveResult> {
    try {
      return await this.#commit<ReserveResult>(state => {
        const nowMs = this.#now(state)
        // In the ledger's time: another process's clock that is ahead must not cut an intent's life short.
        const expiresAt = intent.expiresAt + (nowMs - this.clock.now())
        const { decision, facts } = decideReserve(state, intent, nowMs, expiresAt)
        if (decision.kind === 'reserved' || decision.kind === 'exists') {
          const isRepeat = decision.kind === 'exists'
          const reservation = { id: intent.id, intentId: intent.id, expiresAt, isRepeat }
          return { facts, result: { ok: true, reservation } }
        }
        const rejection = explainRefusal(decision, intent)
        // A repeated id was written down when it first ended; a second entry would only blur that.
        const refused: Fact[] =
          decision.kind === 'duplicate'
            ? []
            : [
                {
                  type: 'intent-rejected',
                  intent,
                  code: rejection.code,
                  message: rejection.shortMessage,
                  ...(decision.kind === 'limit-exceeded' ? { figures: decision.figures } : {}),
                },
              ]
        return { facts: [...facts, ...refused], result: { ok: false, rejection } }
      })
    } catch (error) {
      // A risk check that cannot be made refuses: it never lets through.
      const shortMessage = `refused, since the risk check failed: ${describeError(error)}`
      await this.reject(intent, 'RISK_CHECK_FAILED', shortMessage).catch(() => {})
      return { ok: false, rejection: { code: 'RISK_CHECK_FAILED', shortMessage } }
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
      return { facts: [{ type: 'intent-sent', reservationId, idempotencyKey }], result: undefined }
    })
  }

  markInDoubt(reservationId: string, code: string, message: string): Promise<void> {
    return this.#write(reservationId, { type: 'intent-in-doubt', reservationId, code, message })
  }

  async settle(reservationId: string, postings: readonly Posting[], receipt?: Receipt): Promise<SettleResult> {
    const exact = exactPostings(postings)
    return this.#commit(state => decideSettle(state, reservationId, exact, receipt))
  }

  release(reservationId: string, reason: string): Promise<void> {
    return this.#write(reservationId, { type: 'intent-released', reservationId, reason })
  }

  reject(intent: Intent, code: RejectionCode, message: string): Promise<void> {
    // The end of the first submission stands; a repeat under the same id must not blur it.
    const isKnown = (state: LedgerState) => state.reservations.has(intent.id) || state.ended.has(intent.id)
    return this.#commit(state => ({
      facts: isKnown(state) ? [] : [{ type: 'intent-rejected', intent, code, message }],
      result: undefined,
    }))
  }

  async record(record: ResultRecord): Promise<void> {
    const { domain, strategyId, venueId, asset, note, intentId } = record
    const postings = exactPostings(record.postings)
    const fact: Fact = {
      type: 'result-recorded',
      domain,
      strategyId,
      venueId,
      ...(asset === undefined ? {} : { asset }),
      postings,
      note,
      ...(intentId === undefined ? {} : { intentId }),
    }
    return this.#commit(state => {
      requireCountable(state, record, postings)
      return { facts: [...expireUnsent(state, this.#now(state)), fact], result: undefined }
    })
  }

  openReservations(): readonly OpenReservation[] {
    return [...this.store.read().reservations.values()]
  }

  remaining(constraint: string, origin: Partial<Origin> = {}): BudgetStatus {
    const state = this.store.read()
    const spec = state.constraints.get(constraint) ?? this.#constraints.find(known => known.name === constraint)
    if (spec === undefined)
      throw new InvalidInputError({
        code: 'UNKNOWN_CONSTRAINT',
        message: `no constraint is named ${JSON.stringify(constraint)}; known: ${this.#constraints.map(known => known.name).join(', ') || 'none'}`,
      })
    return budgetStatus(state, spec, origin, this.#now(state))
  }

  assessPortfolio(): PortfolioAssessment {
    const state = this.store.read()
    return assessPortfolio(state, this.#now(state))
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
    requireReason(reason)
    return this.#commit(state => {
      const spec = state.constraints.get(constraint)
      if (spec === undefined)
        throw new InvalidInputError({
          code: 'UNKNOWN_CONSTRAINT',
          message: `no constraint is named ${JSON.stringify(constraint)}`,
        })
      const changed = defineConstraint({ ...spec, limit })
      return { facts: [{ type: 'constraint-set', constraint: changed, reason, by }], result: undefined }
    })
  }

  async #setState(scope: Scope, next: TradingState, reason: string, by: string): Promise<void> {
    requireReason(reason)
    const parsed = scopeSchema.safeParse(scope)
    // A misspelt field would otherwise mean "everywhere".
    if (!parsed.success)
      throw new InvalidInputError({
        code: 'INVALID_SCOPE',
        message: `expected a scope such as {} or { venue: 'x' }: ${parsed.error.issues[0]?.message ?? ''}`,
      })
    await this.#commit(() => ({
      facts: [{ type: 'state-changed', scope: describeScope(parsed.data), state: next, reason, by }],
      result: undefined,
    }))
  }

  /** A fact about one open reservation; nothing when it has ended already, so that a repeat is harmless. */
  #write(reservationId: string, fact: Fact): Promise<void> {
    return this.#commit(state => ({
      facts: openReservation(state, reservationId) === undefined ? [] : [fact],
      result: undefined,
    }))
  }

  async #commit<T>(
    decide: (state: LedgerState) => { readonly facts: readonly Fact[]; readonly result: T },
  ): Promise<T> {
    await this.ready()
    return this.store.commit(state => ({ ...decide(state), at: this.#now(state) }))
  }

  async #define(): Promise<void> {
    try {
      await this.store.commit(state => ({
        facts: configureConstraints(state, this.#constraints),
        at: this.#now(state),
        result: undefined,
      }))
    } catch (error) {
      // A store that was away for a moment must not refuse for ever.
      this.#defined = undefined
      throw error
    }
  }

  /** A clock that steps back must not reopen a window: the ledger's time only grows. */
  #now(state: LedgerState): number {
    const nowMs = this.clock.now()
    if (!Number.isFinite(nowMs))
      throw new InvalidInputError({
        code: 'INVALID_TIME',
        message: `the clock does not say a time: ${String(nowMs)}`,
      })
    return Math.max(nowMs, state.lastAtMs)
  }
}

function exactPostings(postings: readonly Posting[]): ExactPosting[] {
  return postings.map(({ measure, amount }) => ({ measure, amount: toMicros(amount, 'up') }))
}

function requireReason(reason: string): void {
  if (reason.trim() === '')
    throw new InvalidInputError({ code: 'REASON_REQUIRED', message: 'say why: the reason is written into the journal' })
}
