import type { Intent, IntentId } from '../intent/intent.ts'
import type { AccountOperation, Fact } from '../journal/fact.ts'
import { formatMicros, type Micros, toMicros } from '../money/micros.ts'
import { decideReserve, expireUnsent } from './decide-reserve.ts'
import { requireCountable, sizeOf } from './decide-settle.ts'
import { type PlacedPostings, tripsAfterPostings } from './decide-trips.ts'
import type { LedgerState, OpenReservation } from './ledger-state.ts'
import { matchesOf } from './matching-budgets.ts'
import { addTo, giveBack, nothingPending, type Pending } from './pending.ts'
import type { Origin } from './scope.ts'

/** One operation on an account, exact. Every operation has an id of its own, so that a repeat changes nothing. */
export type AccountRequest =
  | {
      readonly op: 'spend' | 'reserve'
      readonly id: string
      readonly measure: string
      readonly amount: Micros
      /** Cut to what is free, at least 0. */
      readonly upTo: boolean
      /** When a reservation expires. */
      readonly expiresAt: number
    }
  | { readonly op: 'commit'; readonly id: string; readonly of: string; readonly amount: Micros | 'all' }
  | { readonly op: 'release'; readonly id: string; readonly of: string; readonly amount: Micros | undefined }
  | { readonly op: 'invalid'; readonly problem: string }

/**
 * What became of an operation. In order of precedence: when several apply, the first is given.
 *
 * `invalid`: the request itself cannot be meant; `problem` says why.
 * `exceeds_limit` and `not_found` burn the id, since they could pass later: it answers `id_already_failed` from then on.
 * `refused`: trading is halted or a condition is not met. `group_failed`: another operation of the group failed, nothing of it remains.
 */
export type AccountCode =
  | 'invalid'
  | 'id_already_failed'
  | 'exists_with_different_kind'
  | 'exists_with_different_target'
  | 'exists_with_different_amount'
  | 'exists'
  | 'refused'
  | 'exceeds_limit'
  | 'not_found'
  | 'not_a_reservation'
  | 'exceeds_reserved_amount'
  | 'different_amount'
  | 'already_committed'
  | 'already_released'
  | 'expired'
  | 'group_failed'
  | 'ok'

export interface AccountResult {
  readonly code: AccountCode
  /** What was booked; of a repeat, what was booked then. */
  readonly recorded?: Micros
  readonly problem?: string
}

/**
 * Operations in order, all or nothing when there are several.
 *
 * Source of the rules: two-phase transfers, TigerBeetle docs, `reference/requests/create_transfers.md`, the debit side as one budget.
 */
export function decideOperations(
  state: LedgerState,
  place: Origin,
  requests: readonly AccountRequest[],
  nowMs: number,
): { readonly results: readonly AccountResult[]; readonly facts: readonly Fact[] } {
  const expired = expireUnsent(state, nowMs)
  const pending = nothingPending()
  giveBack(pending, state, expired)
  const draft: Draft = { state, place, nowMs, pending, done: new Map(), ended: new Map(), booked: [], facts: [] }
  for (const fact of expired) if (fact.type === 'intent-released') draft.ended.set(fact.reservationId, 'expired')

  const results: AccountResult[] = []
  for (const request of requests) {
    const result = operate(draft, request)
    results.push(result)
    if (result.code === 'ok' || result.code === 'exists') continue
    const burnt: Fact[] =
      'id' in request && (result.code === 'not_found' || result.code === 'exceeds_limit')
        ? [{ type: 'account-operation-refused', id: request.id, code: result.code }]
        : []
    const failed: AccountResult = { code: 'group_failed' }
    return {
      results: requests.map((_, i) => (i === results.length - 1 ? result : failed)),
      facts: [...expired, ...burnt],
    }
  }
  return { results, facts: [...expired, ...draft.facts, ...tripsOf(draft)] }
}

interface Draft {
  readonly state: LedgerState
  readonly place: Origin
  readonly nowMs: number
  readonly pending: Pending
  /** Operations of this decision. */
  readonly done: Map<string, AccountOperation>
  /** Reservations that this decision ends. */
  readonly ended: Map<string, 'settled' | 'released' | 'expired'>
  /** What this decision posts, and whose it is. */
  readonly booked: PlacedPostings[]
  readonly facts: Fact[]
}

type Valid = Exclude<AccountRequest, { op: 'invalid' }>

function operate(draft: Draft, request: AccountRequest): AccountResult {
  if (request.op === 'invalid') return { code: 'invalid', problem: request.problem }
  if ('measure' in request && !matchesOf(draft.state, draft.place).byMeasure.has(request.measure))
    return { code: 'invalid', problem: `no budget counts ${JSON.stringify(request.measure)} here` }
  const known = draft.done.get(request.id) ?? draft.state.operations.get(request.id)
  if (known !== undefined) return 'failed' in known ? { code: 'id_already_failed' } : repeated(draft, request, known)
  return 'of' in request ? resolve(draft, request) : take(draft, request)
}

/** The id is known: is this the same operation again? */
function repeated(draft: Draft, request: Valid, known: AccountOperation): AccountResult {
  if (request.op !== known.kind) return { code: 'exists_with_different_kind' }
  if ('of' in request && request.of !== known.of) return { code: 'exists_with_different_target' }
  const whole = known.of === undefined ? known.amount : (operationOf(draft, known.of)?.amount ?? known.amount)
  const asked = request.amount === 'all' || request.amount === undefined ? whole : request.amount
  const isSame = 'upTo' in request && request.upTo ? asked >= known.amount : asked === known.amount
  return isSame ? { code: 'exists', recorded: known.amount } : { code: 'exists_with_different_amount' }
}

function take(draft: Draft, request: Extract<AccountRequest, { op: 'spend' | 'reserve' }>): AccountResult {
  const { state, place, nowMs, pending } = draft
  const { measure } = request
  const intent: Intent = {
    id: request.id as IntentId,
    domain: place.domain,
    strategyId: place.strategyId,
    venueId: place.venueId,
    ...(place.asset === undefined ? {} : { asset: place.asset }),
    action: request.op,
    params: {},
    effects: [{ measure, amount: formatMicros(request.amount) }],
    reduces: false,
    expiresAt: request.expiresAt,
    rationale: { reason: 'account', summary: `${request.op} on an account` },
  }
  const before = new Map(pending.reserved)
  const { decision, facts } = decideReserve(state, intent, nowMs, {
    pending,
    mayBeZero: true,
    ...(request.upTo ? { upTo: new Set([measure]) } : {}),
  })
  if (decision.kind === 'limit-exceeded') return { code: 'exceeds_limit' }
  if (decision.kind === 'exists' || decision.kind === 'duplicate') return { code: 'exists_with_different_kind' }
  if (decision.kind !== 'reserved') return { code: 'refused' }
  const reserved = facts.at(-1) as Extract<Fact, { type: 'intent-reserved' }>
  const booked = toMicros(decision.effects[0]?.amount ?? 0, 'up')
  draft.facts.push(...facts)
  if (request.op === 'spend') {
    // Taken and booked in one step: what was pending as reserved is posted.
    pending.reserved.clear()
    for (const [key, amount] of before) pending.reserved.set(key, amount)
    book(draft, reserved.reservationId, place, measure, booked)
    for (const { budget } of reserved.amounts) addTo(pending.posted, budget, booked)
  }
  return finish(draft, { id: request.id, kind: request.op, amount: booked })
}

function resolve(draft: Draft, request: Extract<AccountRequest, { op: 'commit' | 'release' }>): AccountResult {
  const target = operationOf(draft, request.of)
  if (target === undefined) return { code: 'not_found' }
  if (target.kind !== 'reserve') return { code: 'not_a_reservation' }
  const whole = target.amount
  const amount = request.amount === 'all' || request.amount === undefined ? whole : request.amount
  if (amount > whole) return { code: 'exceeds_reserved_amount' }
  if (request.op === 'release' && amount !== whole) return { code: 'different_amount' }
  switch (draft.ended.get(request.of) ?? draft.state.ended.get(request.of)) {
    case 'settled':
      return { code: 'already_committed' }
    case 'released':
      return { code: 'already_released' }
    case 'expired':
      return { code: 'expired' }
    case undefined:
  }
  const taken = takenBy(draft, request.of)
  // So long ago that how it ended is forgotten.
  if (taken === undefined) return { code: 'not_found' }
  const { amounts, measure, origin } = taken
  for (const budget of amounts) addTo(draft.pending.reserved, budget, -whole)
  if (request.op === 'commit') {
    for (const budget of amounts) addTo(draft.pending.posted, budget, amount)
    draft.ended.set(request.of, 'settled')
    book(draft, request.of, origin, measure, amount)
  } else {
    draft.ended.set(request.of, 'released')
    draft.facts.push({ type: 'intent-released', reservationId: request.of, reason: `released by ${request.id}` })
  }
  return finish(draft, { id: request.id, kind: request.op, of: request.of, amount })
}

function book({ booked, facts }: Draft, reservationId: string, origin: Origin, measure: string, amount: Micros): void {
  const postings = [{ measure, amount }]
  booked.push({ origin, postings })
  facts.push({ type: 'intent-settled', reservationId, postings })
}

/** Judged once all is booked: two halves of a drawdown are a whole one. */
function tripsOf({ state, booked }: Draft): readonly Fact[] {
  const size = sizeOf(booked.flatMap(({ postings }) => postings))
  for (const { origin, postings } of booked) requireCountable(state, origin, postings, size)
  const trips: Fact[] = []
  tripsAfterPostings(state, booked, trips)
  return trips
}

function finish(draft: Draft, operation: AccountOperation): AccountResult {
  draft.done.set(operation.id, operation)
  draft.facts.push({ type: 'account-operation', operation })
  return { code: 'ok', recorded: operation.amount }
}

function operationOf({ done, state }: Draft, id: string): AccountOperation | undefined {
  const known = done.get(id) ?? state.operations.get(id)
  return known === undefined || 'failed' in known ? undefined : known
}

/** What an open reservation took, from which budgets, and whose it is. */
function takenBy(
  { state, facts }: Draft,
  id: string,
): { readonly amounts: readonly string[]; readonly measure: string; readonly origin: Origin } | undefined {
  let taken: Pick<OpenReservation, 'amounts' | 'intent'> | undefined = state.reservations.get(id)
  for (const fact of facts) if (fact.type === 'intent-reserved' && fact.reservationId === id) taken = fact
  if (taken === undefined) return undefined
  const { amounts, intent } = taken
  return { amounts: amounts.map(({ budget }) => budget), measure: intent.effects[0]?.measure ?? '', origin: intent }
}
