import type { ClosedPosition } from '../intent/closed-position.ts'
import type { Effect, Measure, Posting } from '../intent/effect.ts'
import type { Intent } from '../intent/intent.ts'
import type { Json } from '../intent/json.ts'
import type { Receipt } from '../intent/receipt.ts'
import type { SettleResult } from '../ledger/decide-settle.ts'
import type { OpenReservation } from '../ledger/ledger-state.ts'
import type { Origin, Scope } from '../ledger/scope.ts'
import type { Amount } from '../money/micros.ts'
import type { Store } from '../store/store.ts'
import type { Clock } from '../time/clock.ts'
import type { Account } from './account.ts'
import type { RejectionCode, RiskRejection } from './rejection.ts'
import type { TailRisk } from './value-at-risk.ts'

/** What an intent may take, taken out of every budget that matches it until it is settled or released. */
export interface Reservation {
  readonly id: string
  readonly intentId: string
  readonly expiresAt: number
  /** The same intent holds a reservation already; it must not be carried out a second time. */
  readonly isRepeat: boolean
  /** What was granted: less than the intent asked where it was cut by `upTo`. */
  readonly effects: readonly Effect[]
}

/** How much to reserve. */
export interface ReserveAmounts {
  /**
   * Measures that may be cut, all in the same proportion, to what is free. The reservation says what was granted; act on that much. When
   * nothing is free, the intent is refused.
   */
  readonly upTo?: readonly Measure[] | undefined
}

export type GroupResult =
  | { readonly ok: true; readonly reservations: readonly Reservation[] }
  | {
      readonly ok: false
      /** The first intent that was refused. */
      readonly failedId: string | undefined
      readonly rejection: RiskRejection
    }

export type ReserveResult =
  | { readonly ok: true; readonly reservation: Reservation }
  | { readonly ok: false; readonly rejection: RiskRejection }

/** A result that arises without an intent: rent received, power used, a position marked down. */
export interface ResultRecord extends Origin {
  readonly postings: readonly Posting[]
  /** A word for the journal: `rent`, `power`. */
  readonly note: string
  /** Set when a position came to its end; breakers look at it. */
  readonly closed?: ClosedPosition | undefined
  /** The intent it came from, for a result that arrives after the reservation has ended. */
  readonly intentId?: string | undefined
}

/** One budget as it stands now; all figures in units of the base currency (`count`: pieces). */
export interface BudgetStatus {
  readonly constraint: string
  readonly type: string
  readonly scope: string
  readonly limit: number
  readonly used: number
  readonly reserved: number
  /** limit − used − reserved, never below 0. */
  readonly available: number
  readonly enforced: boolean
  /** When the window ends, for a calendar window; milliseconds since the epoch. */
  readonly resetsAt?: number
  /** Set while a breaker's or a drawdown's lock stops new risk, on whichever side. */
  readonly locked?: true
  /** When the last of its locks ends, milliseconds since the epoch. Absent beside `locked`: when it is re-armed by hand. */
  readonly lockedUntil?: number
}

export type TradingState = 'active' | 'reducing' | 'halted'

/** Everything at stake now, over all domains that share the store. */
export interface PortfolioAssessment {
  readonly asOf: number
  readonly state: TradingState
  readonly budgets: readonly BudgetStatus[]
  /** The enforced budget with the smallest share of its limit left. */
  readonly bindsFirst: BudgetStatus | undefined
  /**
   * The equity that the manager was told to start with, plus `resultEver`; `undefined` where it was told none. It knows what was posted as
   * `loss` or `unrealised-loss` and nothing else: no deposits and withdrawals, no holding whose price nobody recorded, no running cost that
   * was posted as `operating-cost` alone.
   */
  readonly equity: number | undefined
  /** Sum of all realised and unrealised results since the store began. */
  readonly resultEver: number
  /** Sum of all `loss` and `unrealised-loss` postings of the running day (UTC), positive = lost. */
  readonly lossToday: number
  /** What is at stake now. */
  readonly exposure: number
  readonly exposureByDomain: { readonly [domain: string]: number }
  readonly exposureByVenue: { readonly [venue: string]: number }
  readonly exposureByAsset: { readonly [asset: string]: number }
  /** Loss that open reservations could still cause; what expired unsent is over. */
  readonly reservedLoss: number
  /** lossToday + reservedLoss: where the day ends if every open commitment goes wrong. */
  readonly worstCaseLossToday: number
  /**
   * The same, if all that is at stake were lost too, and open reservations came to their whole `exposure` and `operating-cost`. An upper
   * bound: what an intent names as `loss` and as `exposure` counts twice.
   */
  readonly worstCaseLoss: number
  /** Value at risk and expected shortfall of a day, where there are enough days. */
  readonly tailRisks: readonly TailRisk[]
  /** Without those that expired unsent. */
  readonly openReservations: number
}

/**
 * The one shared budget. Give the same manager (or managers on the same store) to every strategy of every domain.
 *
 * @example
 * const risk = new DefaultRiskManager([dailyLoss({ limit: 500 })])
 * tradingBot.setRiskManager(risk)
 * gpuBot.setRiskManager(risk)
 * // trading loses 300:  risk.remaining('max_daily_loss').available === 200 for the GPU bot
 */
export interface RiskManager {
  readonly clock: Clock
  /** Where budgets, journal and strategy states are kept. */
  readonly store: Store
  /**
   * Writes the constraints down now rather than at first use, so that a store that is away shows before anything runs.
   *
   * @throws InvalidInputError `CONSTRAINT_CHANGED` when the store keeps a constraint of the same name that counts something else.
   */
  ready(): Promise<void>
  /**
   * Reserves what `intent` could cost from every budget that matches it, all or nothing; durable before the promise resolves.
   * An intent that `reduces` passes every budget except enforced frequency limits. Any other is refused by a budget of which nothing is
   * left, whatever its effects name.
   * The ledger keeps `intent` itself until it has ended: do not change it afterwards. (The gate hands in a copy.)
   */
  reserve(intent: Intent, options?: ReserveAmounts): Promise<ReserveResult>
  /**
   * Reserves for several intents, all or nothing: the two legs of an arbitrage. When one is refused, all of them have ended; propose anew
   * with new ids.
   */
  reserveGroup(intents: readonly Intent[]): Promise<GroupResult>
  /**
   * Writes down that the request leaves now; from here on only the venue's word ends the reservation. Said again with the same key it
   * changes nothing.
   *
   * @throws AutomationError `RESERVATION_ENDED` when it has expired or was released meanwhile; `ALREADY_SENT` when it was sent under
   *   another key; `HALTED` or `REDUCING_ONLY` when that was said meanwhile, by any process. Then the request must not leave.
   */
  markSent(reservationId: string, idempotencyKey: string): Promise<void>
  /** Writes down that nobody knows whether it happened; the reservation stays. */
  markInDoubt(reservationId: string, code: string, message: string): Promise<void>
  /**
   * Posts what really happened and frees the rest. Actual amounts above the reserved ones are posted in full and may close the
   * budget; a reserved measure without a posting is posted as reserved.
   *
   * @returns `ended-before` when the reservation was released before: nothing was posted, the result has to be recorded. Of one that ended
   *   so long ago that the ledger has forgotten it, the journal is asked.
   * @throws InvalidInputError `UNKNOWN_RESERVATION` where the journal does not know it either.
   */
  settle(reservationId: string, postings: readonly Posting[], receipt?: Receipt): Promise<SettleResult>
  /** Writes down a refusal that was made before any budget was asked; nothing when the id is known already. */
  reject(intent: Intent, code: RejectionCode, message: string): Promise<void>
  /** Reservations that have not ended, oldest first. */
  openReservations(): readonly OpenReservation[]
  /**
   * Frees the whole reservation: nothing happened.
   *
   * @param options `onlyUnsent`: nothing changes when the request has left meanwhile, sent by whichever process.
   */
  release(reservationId: string, reason: string, options?: { readonly onlyUnsent?: boolean }): Promise<void>
  record(result: ResultRecord): Promise<void>
  /**
   * Several results in one step; breakers judge once, after the last.
   *
   * @param options.states Values saved in the store with them, by key, all or nothing: who remembers what was booked books nothing twice.
   */
  recordAll(
    results: readonly ResultRecord[],
    options?: { readonly states?: ReadonlyMap<string, Json> | undefined },
  ): Promise<void>
  /**
   * How much of a budget is left.
   *
   * @param origin Which one, for constraints that keep a budget for each venue, strategy or asset.
   * @throws InvalidInputError `UNKNOWN_CONSTRAINT` with the known names.
   */
  remaining(constraint: string, origin?: Partial<Origin>): BudgetStatus
  assessPortfolio(): PortfolioAssessment
  /** The kill switch: new risk in `scope` is refused from now on; reducing it still passes. */
  halt(scope: Scope, reason: string, by: string): Promise<void>
  /** Lets only through what lowers risk. */
  reduceOnly(scope: Scope, reason: string, by: string): Promise<void>
  /**
   * Takes back `halt` or `reduceOnly` of the same scope; wider and narrower ones stay.
   *
   * @throws AutomationError `NOT_HALTED` where exactly this scope is not stopped, naming those that are.
   */
  resume(scope: Scope, reason: string, by: string): Promise<void>
  /**
   * Takes a constraint and what it has counted out of the ledger, for every process; written down with who and why. What is reserved stays
   * reserved from all others. A process that starts with it in its configuration brings it back, and it begins anew: take it out there first.
   *
   * @throws InvalidInputError `UNKNOWN_CONSTRAINT` with the known names.
   */
  retireConstraint(constraint: string, reason: string, by: string): Promise<void>
  /**
   * Lifts a breaker's lock, or lets a drawdown count from where the result stands now. Written down with who and why.
   *
   * @param origin Which budget, for constraints that keep one for each venue, strategy or asset.
   * @throws AutomationError `NOTHING_TO_REARM` where that budget is not locked (and, of a drawdown, has not fallen or another one is
   *   locked), naming those that are.
   */
  rearm(constraint: string, reason: string, by: string, origin?: Partial<Origin>): Promise<void>
  /**
   * Sets the ledger's time, which a wrong clock took ahead, back to this process's clock; written down with who and why, and nothing where it
   * is not ahead. Before: end the process whose clock is wrong, and see that this one is right.
   *
   * What was written under the wrong time counts as of now. What windows let go of too early counts again: the whole journal is read to find
   * it, and where it is not known when something happened, losses count and gains do not.
   *
   * @throws AutomationError `JOURNAL_INCOMPLETE` where the store no longer keeps the first entries.
   */
  setTimeBack(reason: string, by: string): Promise<void>
  /** The shared budgets of one measure, as an account with operations that can be repeated; see {@link Account}. */
  account(measure: Measure, origin: Origin): Account
  /** The strictest state that holds for `origin`. */
  state(origin?: Partial<Origin>): TradingState
  /** Changes a limit at run time; written down with who and why. Below what is used it blocks new risk and nothing else. */
  setLimit(constraint: string, limit: Amount, reason: string, by: string): Promise<void>
}
