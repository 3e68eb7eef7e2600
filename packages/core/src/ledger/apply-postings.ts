import type { ExactPosting } from '../journal/fact.ts'
import { addMicros, type Micros, zeroMicros } from '../money/micros.ts'
import { type Budget, newBudget, post } from './budget.ts'
import { type LedgerState, type OpenReservation, stakeKey } from './ledger-state.ts'
import { type BudgetMatch, matchesOf, stakeOf } from './matching-budgets.ts'
import type { Origin } from './scope.ts'

const dayMs = 86_400_000

/** How many days of results are kept, for value at risk. */
export const pastDaysMax = 500

/** Books what happened into the totals and into every budget that matches. */
export function applyPostings(
  state: LedgerState,
  origin: Origin,
  postings: readonly ExactPosting[],
  atMs: number,
): void {
  const { byMeasure, stakeKey: stake } = matchesOf(state, origin)
  for (const { measure, amount } of postings) {
    if (measure === 'loss' || measure === 'unrealised-loss') addResult(state, amount, atMs)
    if (measure === 'exposure') addExposure(state, origin, amount)
    const matches = byMeasure.get(measure)
    if (matches === undefined) continue
    for (const match of matches) post(budgetIn(state, match), match.spec, amount, atMs, stake)
  }
}

/** What a request that was sent and came to nothing leaves behind: it did go out, so it counts where it is counted how often. */
export function attemptsOf({ idempotencyKey, requested }: OpenReservation): readonly ExactPosting[] {
  return idempotencyKey === undefined ? [] : requested.filter(({ measure }) => measure === 'count')
}

/** Books {@link attemptsOf} into the budgets that bind reducing intents too: what they guard is the venue's patience, not a result. */
export function applyAttempts(state: LedgerState, reservation: OpenReservation, atMs: number): void {
  const { byMeasure, stakeKey: stake } = matchesOf(state, reservation.intent)
  for (const { measure, amount } of attemptsOf(reservation))
    for (const match of byMeasure.get(measure) ?? [])
      if (match.spec.bindsReducing) post(budgetIn(state, match), match.spec, amount, atMs, stake)
}

/**
 * What a request that was sent and settled counts for in the budgets that bind reducing intents too, beyond what its receipt posted there:
 * a receipt may say that more went out, never that less did.
 */
export function applyMissingAttempts(
  state: LedgerState,
  reservation: OpenReservation,
  postings: readonly ExactPosting[],
  atMs: number,
): void {
  const asked = attemptsOf(reservation).reduce((sum, { amount }) => sum + amount, 0)
  if (asked === 0) return
  const { byMeasure, stakeKey: stake } = matchesOf(state, reservation.intent)
  for (const match of byMeasure.get('count') ?? []) {
    const { aggregation, bindsReducing } = match.spec
    if (!bindsReducing) continue
    const isGross = 'basis' in aggregation && aggregation.basis === 'gross'
    let counted = 0
    for (const { measure, amount } of postings) if (measure === 'count' && (amount > 0 || !isGross)) counted += amount
    if (counted < asked) post(budgetIn(state, match), match.spec, (asked - counted) as Micros, atMs, stake)
  }
}

/** The account of `match`, opened where there is none. */
export function budgetIn(state: LedgerState, match: BudgetMatch): Budget {
  match.account ??= budgetAt(state, match.budgetKey)
  return match.account
}

export function budgetAt(state: LedgerState, key: string): Budget {
  const known = state.budgets.get(key)
  if (known !== undefined) return known
  // Names of constraints hold no `@`, names of assets may.
  const at = key.indexOf('@')
  const created = newBudget(key.slice(0, at), key.slice(at + 1))
  state.budgets.set(key, created)
  return created
}

/** When the UTC day of `atMs` ends. */
export function dayEndAfter(atMs: number): number {
  return (Math.floor(atMs / dayMs) + 1) * dayMs
}

function addResult(state: LedgerState, loss: Micros, atMs: number): void {
  const { lossToday, pastDays } = state
  if (atMs >= lossToday.dayEndMs) {
    if (lossToday.dayEndMs !== 0) pastDays.push({ dayEndMs: lossToday.dayEndMs, loss: lossToday.sum })
    if (pastDays.length > pastDaysMax) pastDays.shift()
    lossToday.dayEndMs = dayEndAfter(atMs)
    lossToday.sum = zeroMicros
  }
  lossToday.sum = addMicros(lossToday.sum, loss)
  state.lossEver = addMicros(state.lossEver, loss)
}

/** The same book as a level keeps ({@link post}): no venue and asset counts for less than 0. */
function addExposure(state: LedgerState, origin: Origin, amount: Micros): void {
  const { exposure } = state
  const { domain, venueId, asset } = origin
  const stake = stakeOf(state, origin)
  if (stake === undefined) {
    // A close of what the ledger never saw says nothing of what is left: the stake stays unknown, so that the rest may be closed too.
    if (amount <= 0) return
    exposure.stakes.set(stakeKey(venueId, asset), { exposure: amount, reducing: zeroMicros })
  }
  const before = stake?.exposure ?? zeroMicros
  const after = Math.max(0, addMicros(before, amount)) as Micros
  if (stake !== undefined) stake.exposure = after
  const moved = (after - before) as Micros
  bump(exposure.domain, domain, moved)
  bump(exposure.venue, venueId, moved)
  if (asset !== undefined) bump(exposure.asset, asset, moved)
}

function bump(totals: Map<string, Micros>, key: string, amount: Micros): void {
  if (amount === 0) return
  const sum = addMicros(totals.get(key) ?? zeroMicros, amount)
  if (sum === 0) totals.delete(key)
  else totals.set(key, sum)
}
