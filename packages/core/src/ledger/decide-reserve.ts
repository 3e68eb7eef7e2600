import { InvalidInputError } from '../errors/automation-error.ts'
import type { Effect } from '../intent/effect.ts'
import type { Intent } from '../intent/intent.ts'
import type { BudgetAmount, Fact, RefusalFigures, UnmetCondition } from '../journal/fact.ts'
import { type Amount, addMicros, formatMicros, type Micros, toMicros, zeroMicros } from '../money/micros.ts'
import { usedAt } from './budget.ts'
import { type ConditionRefusal, checkConditions, dataAge } from './check-conditions.ts'
import { expiredAt } from './expiry.ts'
import { isOver, type LedgerState, stakeKey } from './ledger-state.ts'
import { limitAt } from './limit-at.ts'
import { accountOf, type BudgetMatch, matchesOf } from './matching-budgets.ts'
import { addTo, giveBack, nothingPending, type Pending } from './pending.ts'
import { isSpent } from './spent.ts'
import { strictestState } from './trading-state.ts'

export type ReserveDecision =
  | { readonly kind: 'reserved'; readonly effects: readonly Effect[] }
  | { readonly kind: 'exists' }
  | ReserveRefusal

export type ReserveRefusal =
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'halted' | 'reducing-only'; readonly scope: string; readonly reason: string }
  | { readonly kind: 'not-reducing'; readonly exposure: Micros; readonly reducing: Micros; readonly reduction: Micros }
  | ConditionRefusal
  | { readonly kind: 'limit-exceeded'; readonly figures: RefusalFigures; readonly type: string }

export interface ReserveOptions {
  /**
   * How far the ledger's time, which is that of the fastest clock of all processes, is ahead of the clock by which the intent was made: its
   * life is not cut short by it, and its data is not older. @default 0
   */
  readonly aheadMs?: number | undefined
  /** Measures that may be cut, all in the same proportion, to what is free. */
  readonly upTo?: ReadonlySet<string> | undefined
  /** May nothing of them be left? @default false: refused with `limit-exceeded` */
  readonly mayBeZero?: boolean | undefined
  /** What the same decision has reserved before; taken into account and added to. */
  readonly pending?: Pending | undefined
}

/**
 * May `intent` take its worst case out of every budget that matches it? All or nothing.
 *
 * Refusals in order of precedence: duplicate id, halted or reducing state, a reduction that would cross zero, the first condition that is
 * not met (breakers, lists, missing measures), the first enforced constraint (in the order in which they were set) whose used +
 * reserved + requested would exceed its limit, or of which nothing is left ({@link isSpent}): that one whatever the intent names.
 *
 * @throws {InvalidInputError} `AMOUNT_OVERFLOW`, `INVALID_AMOUNT` or `INVALID_TIME`; then nothing is reserved.
 */
export function decideReserve(
  state: LedgerState,
  intent: Intent,
  nowMs: number,
  options: ReserveOptions = {},
): { readonly decision: ReserveDecision; readonly facts: readonly Fact[] } {
  const id = intent.id
  const aheadMs = options.aheadMs ?? 0
  if (state.reservations.has(id)) return { decision: { kind: 'exists' }, facts: [] }
  if (isOver(state, id)) return { decision: { kind: 'duplicate' }, facts: [] }
  if (!Number.isFinite(intent.expiresAt))
    throw new InvalidInputError({
      code: 'INVALID_TIME',
      message: `expiresAt: expected milliseconds since the epoch, was ${String(intent.expiresAt)}`,
    })
  const expired = options.pending === undefined ? expireUnsent(state, nowMs) : []
  let pending = options.pending
  if (pending === undefined && expired.length > 0) {
    pending = nothingPending()
    giveBack(pending, state, expired)
  }

  const stop = intent.reduces || state.tradingStates.size === 0 ? undefined : strictestState(state, intent)
  if (stop !== undefined)
    return refused(
      { kind: stop.state === 'halted' ? 'halted' : 'reducing-only', scope: stop.scope, reason: stop.reason },
      expired,
    )

  const reduction =
    intent.reduces && intent.reduction !== undefined ? atLeastZero('reduction', intent.reduction) : zeroMicros
  if (reduction > 0) {
    const stake = state.exposure.stakes.get(stakeKey(intent.venueId, intent.asset))
    const reducing = (stake?.reducing ?? 0) + (pending?.reducing.get(stakeKey(intent.venueId, intent.asset)) ?? 0)
    if (stake !== undefined && reduction > stake.exposure - reducing)
      return refused(
        { kind: 'not-reducing', exposure: stake.exposure, reducing: reducing as Micros, reduction },
        expired,
      )
  }

  const shadowed: (RefusalFigures | UnmetCondition)[] = []
  const matches = matchesOf(state, intent)
  let trips: readonly Fact[] = expired
  if (!intent.reduces && matches.conditions.length > 0) {
    const checked = checkConditions(state, intent, nowMs)
    if (checked.facts.length > 0) trips = [...expired, ...checked.facts]
    if (checked.refusal !== undefined) return refused(checked.refusal, trips)
    shadowed.push(...checked.shadowed)
  }

  let requests = requestsOf(matches.byMeasure, intent, intent.effects, nowMs - aheadMs)
  let effects = intent.effects
  if (options.upTo !== undefined) {
    const trimmed = trim(state, requests, effects, options.upTo, nowMs, pending)
    if (trimmed !== undefined) {
      if (trimmed.isNothing && options.mayBeZero !== true)
        return refused({ kind: 'limit-exceeded', ...trimmed.binding }, trips)
      effects = trimmed.effects
      requests = requestsOf(matches.byMeasure, intent, effects, nowMs - aheadMs)
    }
  }

  const amounts: BudgetAmount[] = []
  // An operation of an account is about its one measure; all else that may add risk is stopped by any budget that is spent.
  const spendsOne = options.mayBeZero === true
  const asked = intent.reduces || spendsOne ? requests : withSpent(state, requests, matches.counting, nowMs, pending)
  for (const request of asked) {
    const { match, amount } = request
    // Of a budget that is overdrawn nothing is free, and nothing is not more than that.
    const isNothing = amount === 0 && spendsOne
    const figures = isNothing ? undefined : exceeded(state, request, nowMs, pending, !intent.reduces && !spendsOne)
    if (figures !== undefined) {
      if (match.spec.enforce) return refused({ kind: 'limit-exceeded', figures, type: match.spec.type }, trips)
      shadowed.push(figures)
    }
    if (match.spec.aggregation.kind === 'per-intent' || request.measure === undefined) continue
    // What evolve will add up must be countable: a fact that cannot be applied must not be written.
    addMicros(reservedOf(state, match, pending), amount)
    amounts.push({ budget: match.budgetKey, amount })
  }

  if (options.pending !== undefined) {
    for (const { budget, amount } of amounts) addTo(options.pending.reserved, budget, amount)
    if (reduction > 0) addTo(options.pending.reducing, stakeKey(intent.venueId, intent.asset), reduction)
  }
  const reserved: Fact = {
    type: 'intent-reserved',
    reservationId: id,
    intent: effects === intent.effects ? intent : { ...intent, effects },
    expiresAt: intent.expiresAt + aheadMs,
    amounts,
    shadowed,
  }
  return {
    decision: { kind: 'reserved', effects },
    facts: trips.length === 0 ? [reserved] : [...trips, reserved],
  }
}

function refused(decision: ReserveRefusal, facts: readonly Fact[]) {
  return { decision, facts }
}

/** Reservations that were never sent and whose time is up go back; a sent one waits for the venue's word. */
export function expireUnsent(state: LedgerState, nowMs: number): Fact[] {
  const due = expiredAt(state, nowMs)
  if (due.length === 0) return []
  return due.map(reservationId => ({
    type: 'intent-released',
    reservationId,
    reason: 'expired before it was sent',
    expired: true,
  }))
}

interface Request {
  readonly match: BudgetMatch
  /** Absent where the intent names none of the budget's. */
  readonly measure: string | undefined
  amount: Micros
}

/** What the intent asks of each budget, in the order in which the constraints were set. */
function requestsOf(
  byMeasure: ReadonlyMap<string, readonly BudgetMatch[]>,
  intent: Intent,
  effects: readonly Effect[],
  madeByMs: number,
): readonly Request[] {
  const requests: Request[] = []
  for (const { measure, amount } of effects)
    ask(requests, byMeasure.get(measure), measure, atLeastZero(measure, amount), intent.reduces)
  if (intent.observedAt !== undefined && byMeasure.has(dataAge)) {
    const ageMs = madeByMs - intent.observedAt
    // What claims to come from the future is not fresh, it is wrong.
    const age = ageMs < 0 ? (Number.MAX_SAFE_INTEGER as Micros) : toMicros(ageMs / 1000, 'up')
    ask(requests, byMeasure.get(dataAge), dataAge, age, intent.reduces)
  }
  for (let i = 1; i < requests.length; i++)
    if ((requests[i - 1] as Request).match.order > (requests[i] as Request).match.order) return inOrder(requests)
  return requests
}

/** With the budgets that the intent names nothing of, and of which nothing is left. */
function withSpent(
  state: LedgerState,
  requests: readonly Request[],
  counting: readonly BudgetMatch[],
  nowMs: number,
  pending: Pending | undefined,
): readonly Request[] {
  let all: Request[] | undefined
  for (const match of counting) {
    if (requestFor(requests, match) !== undefined) continue
    const used = usedAt(accountOf(state, match), match.spec, nowMs, pending?.posted.get(match.budgetKey))
    if (!isSpent(match, used, currentLimit(state, match, used, nowMs, pending))) continue
    all ??= [...requests]
    all.push({ match, measure: undefined, amount: zeroMicros })
  }
  return all === undefined ? requests : inOrder(all)
}

function inOrder(requests: Request[]): Request[] {
  return requests.sort((a, b) => a.match.order - b.match.order)
}

function ask(
  requests: Request[],
  matches: readonly BudgetMatch[] | undefined,
  measure: string,
  amount: Micros,
  reduces: boolean,
): void {
  if (matches === undefined) return
  for (const match of matches) {
    if (reduces && !match.spec.bindsReducing) continue
    const same = requestFor(requests, match)
    if (same === undefined) requests.push({ match, measure, amount })
    else same.amount = addMicros(same.amount, amount)
  }
}

/** Hot path: a loop, since a function for each match costs more than the few requests. */
function requestFor(requests: readonly Request[], match: BudgetMatch): Request | undefined {
  for (const request of requests) if (request.match === match) return request
  return undefined
}

function atLeastZero(what: string, amount: Amount): Micros {
  const exact = toMicros(amount, 'up')
  if (exact < 0)
    throw new InvalidInputError({
      code: 'INVALID_AMOUNT',
      message: `${what}: expected an amount of at least 0, was ${formatMicros(exact)}`,
    })
  return exact
}

/** The figures where `request` would take its budget over the limit, or, where it may add risk, finds nothing left of it. */
function exceeded(
  state: LedgerState,
  { match, measure, amount }: Request,
  nowMs: number,
  pending: Pending | undefined,
  addsRisk = false,
): RefusalFigures | undefined {
  const { spec, budgetKey } = match
  const account = accountOf(state, match)
  const used = usedAt(account, spec, nowMs, pending?.posted.get(budgetKey))
  const reserved = reservedOf(state, match, pending)
  const standing = used + reserved + amount
  const limit = currentLimit(state, match, standing, nowMs, pending)
  const isTooMuch = measure !== undefined && standing > limit
  if (!isTooMuch && !(addsRisk && isSpent(match, used, limit))) return undefined
  // The whole of a concentration grows with what is asked; what is free is what would fit without.
  const whole =
    spec.aggregation.kind === 'concentration' ? limitAt(state, match, used + reserved, nowMs, pending) : limit
  return {
    constraint: spec.name,
    scope: budgetKey.slice(spec.name.length + 1),
    limit,
    used,
    reserved,
    requested: amount,
    available: Math.max(0, whole - used - reserved) as Micros,
  }
}

function reservedOf(state: LedgerState, match: BudgetMatch, pending: Pending | undefined): Micros {
  return ((accountOf(state, match)?.reserved ?? 0) + (pending?.reserved.get(match.budgetKey) ?? 0)) as Micros
}

function currentLimit(
  state: LedgerState,
  match: BudgetMatch,
  standing: number,
  nowMs: number,
  pending: Pending | undefined,
): Micros {
  const { spec, share } = match
  return share === undefined && isPlain(spec.aggregation.kind)
    ? spec.limit
    : limitAt(state, match, standing, nowMs, pending)
}

function isPlain(kind: string): boolean {
  return kind !== 'drawdown' && kind !== 'concentration'
}

/**
 * The effects cut so that every enforced budget has room for those of `upTo`, all in one proportion and rounded down; `undefined` when
 * they fit as they are.
 */
function trim(
  state: LedgerState,
  requests: readonly Request[],
  effects: readonly Effect[],
  upTo: ReadonlySet<string>,
  nowMs: number,
  pending: Pending | undefined,
):
  | {
      readonly effects: readonly Effect[]
      readonly isNothing: boolean
      readonly binding: { readonly figures: RefusalFigures; readonly type: string }
    }
  | undefined {
  let binding: { figures: RefusalFigures; type: string } | undefined
  const freeOf = new Map<string, number>()
  for (const request of requests) {
    if (request.measure === undefined || !upTo.has(request.measure) || !request.match.spec.enforce) continue
    const figures = exceeded(state, request, nowMs, pending)
    if (figures === undefined) continue
    freeOf.set(request.measure, Math.min(freeOf.get(request.measure) ?? Number.POSITIVE_INFINITY, figures.available))
    if (binding === undefined || figures.available / figures.requested < share(binding.figures))
      binding = { figures, type: request.match.spec.type }
  }
  if (binding === undefined) return undefined
  const ratio = share(binding.figures)
  let rest = 0
  const cut = effects.map(effect => {
    if (!upTo.has(effect.measure)) return effect
    const asked = toMicros(effect.amount, 'up')
    const inProportion = asked === binding.figures.requested ? binding.figures.available : Math.floor(asked * ratio)
    const granted = Math.min(inProportion, freeOf.get(effect.measure) ?? asked) as Micros
    rest += granted
    return { measure: effect.measure, amount: formatMicros(granted) }
  })
  return { effects: cut, isNothing: rest === 0, binding }
}

function share({ available, requested }: RefusalFigures): number {
  return available / requested
}
