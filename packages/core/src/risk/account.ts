import { describeError, InvalidInputError } from '../errors/automation-error.ts'
import type { Measure } from '../intent/effect.ts'
import { type AccountRequest, type AccountResult, decideOperations } from '../ledger/decide-account.ts'
import type { Origin } from '../ledger/scope.ts'
import { type Amount, fromMicros, type Micros, toMicros } from '../money/micros.ts'
import type { Store } from '../store/store.ts'
import type { Clock } from '../time/clock.ts'
import { type Duration, durationMs } from '../time/duration.ts'
import { ledgerTime, requireClocksAgree } from './ledger-time.ts'

/** The latest instant that a date can say: a reservation until then never expires. */
const neverMs = 8_640_000_000_000_000

/** One operation on an {@link Account}, as users write it. */
export type AccountOperationInput =
  | {
      readonly op: 'spend'
      readonly id: string
      readonly amount: Amount
      /** Cut to what is free; 0 of it is still `ok`. */
      readonly upTo?: boolean
      /** Another measure than the account's, for groups over several budgets. */
      readonly measure?: Measure
    }
  | {
      readonly op: 'reserve'
      readonly id: string
      readonly amount: Amount
      /** Time to live; absent or 0: until it is committed or released. */
      readonly ttl?: Duration
      readonly upTo?: boolean
      readonly measure?: Measure
    }
  | { readonly op: 'commit'; readonly id: string; readonly of: string; readonly amount: Amount | 'all' }
  | { readonly op: 'release'; readonly id: string; readonly of: string; readonly amount?: Amount }

/** What became of one operation; amounts in units of the base currency. */
export interface AccountAnswer {
  readonly code: AccountResult['code']
  /** What was booked, now or when the operation was first made. */
  readonly recorded?: number
  /** What is wrong with an `invalid` request. */
  readonly problem?: string
}

/**
 * The shared budgets of one measure as an account: spend, or reserve and then commit or release. For callers that have no intents, such
 * as a service that only asks "may I spend this". Every operation carries an id of the caller's; one that is made again, after a time-out
 * or a crash, changes nothing and answers `exists`.
 *
 * @example
 * const account = risk.account('loss', { domain: 'ads', strategyId: 'bidder', venueId: 'exchange' })
 * await account.reserve({ id: 'bid-1', amount: 20, ttl: '1m' })            // { code: 'ok', recorded: 20 }
 * await account.commit({ id: 'bid-1-paid', of: 'bid-1', amount: 12.5 })    // 7.50 are free again
 */
export class Account {
  readonly #risk: { readonly store: Store; readonly clock: Clock; ready(): Promise<void> }
  readonly #measure: Measure
  readonly #origin: Origin

  constructor(
    risk: { readonly store: Store; readonly clock: Clock; ready(): Promise<void> },
    measure: Measure,
    origin: Origin,
  ) {
    this.#risk = risk
    this.#measure = measure
    this.#origin = origin
  }

  /** Uses up `amount` at once; with `upTo`, as much of it as is free. */
  spend(operation: Omit<Extract<AccountOperationInput, { op: 'spend' }>, 'op'>): Promise<AccountAnswer> {
    return this.#one({ op: 'spend', ...operation })
  }

  /** Sets `amount` aside until it is committed, released, or its time to live is over. */
  reserve(operation: Omit<Extract<AccountOperationInput, { op: 'reserve' }>, 'op'>): Promise<AccountAnswer> {
    return this.#one({ op: 'reserve', ...operation })
  }

  /** Uses up `amount` (at most what was reserved) and frees the rest. */
  commit(operation: Omit<Extract<AccountOperationInput, { op: 'commit' }>, 'op'>): Promise<AccountAnswer> {
    return this.#one({ op: 'commit', ...operation })
  }

  /** Frees the whole reservation. An amount, where given, must be the whole. */
  release(operation: Omit<Extract<AccountOperationInput, { op: 'release' }>, 'op'>): Promise<AccountAnswer> {
    return this.#one({ op: 'release', ...operation })
  }

  /**
   * Several operations in order, all or nothing: the first that fails keeps its code, all others answer `group_failed`.
   *
   * @throws {AutomationError} `CLOCKS_DISAGREE`, `STORE_UNAVAILABLE`; nothing was booked.
   */
  async group(operations: readonly AccountOperationInput[]): Promise<readonly AccountAnswer[]> {
    const { store, clock } = this.#risk
    await this.#risk.ready()
    return clock.track(
      store.commit(state => {
        const at = ledgerTime(clock, state)
        if (operations.some(({ op }) => op === 'spend' || op === 'reserve')) requireClocksAgree(clock, at)
        const requests = operations.map(operation => exactRequest(operation, this.#measure, at))
        const { results, facts } = decideOperations(state, this.#origin, requests, at)
        return { facts, at, result: results.map(answerOf) }
      }),
    )
  }

  async #one(operation: AccountOperationInput): Promise<AccountAnswer> {
    const [answer] = await this.group([operation])
    return answer as AccountAnswer
  }
}

function exactRequest(operation: AccountOperationInput, measure: Measure, nowMs: number): AccountRequest {
  try {
    return parsed(operation, measure, nowMs)
  } catch (error) {
    return { op: 'invalid', problem: describeError(error) }
  }
}

function parsed(operation: AccountOperationInput, measure: Measure, nowMs: number): AccountRequest {
  const { id, op } = operation
  if (typeof id !== 'string' || id === '') throw malformed(`${op}: expected an id of at least one letter`)
  switch (operation.op) {
    case 'spend':
    case 'reserve': {
      const ttlMs = operation.op === 'reserve' ? durationMs(operation.ttl ?? 0) : 0
      return {
        op: operation.op,
        id,
        measure: operation.measure ?? measure,
        amount: amountOf(operation.op, operation.amount),
        upTo: operation.upTo ?? false,
        expiresAt: ttlMs === 0 ? neverMs : nowMs + ttlMs,
      }
    }
    case 'commit':
      return {
        op: 'commit',
        id,
        of: targetOf(operation),
        amount: operation.amount === 'all' ? 'all' : amountOf('commit', operation.amount),
      }
    case 'release':
      return {
        op: 'release',
        id,
        of: targetOf(operation),
        amount: operation.amount === undefined ? undefined : amountOf('release', operation.amount),
      }
    default:
      throw malformed(`op: expected spend, reserve, commit or release, was ${JSON.stringify(op)}`)
  }
}

function targetOf({ op, of }: { readonly op: string; readonly of: string }): string {
  if (typeof of !== 'string' || of === '')
    throw malformed(`${op}: of: expected the id of a reservation, was ${JSON.stringify(of)}`)
  return of
}

function amountOf(op: string, amount: Amount): Micros {
  const exact = toMicros(amount, 'up')
  if (exact < 0) throw malformed(`${op}: expected an amount of at least 0, was ${String(amount)}`)
  return exact
}

function malformed(message: string): InvalidInputError {
  return new InvalidInputError({ code: 'INVALID_OPERATION', message })
}

function answerOf({ code, recorded, problem }: AccountResult): AccountAnswer {
  return {
    code,
    ...(recorded === undefined ? {} : { recorded: fromMicros(recorded) }),
    ...(problem === undefined ? {} : { problem }),
  }
}
