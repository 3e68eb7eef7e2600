import type { Intent } from '../intent/intent.ts'
import type { BudgetAmount, Fact, RefusalFigures } from '../journal/fact.ts'
import { addMicros, type Micros, toMicros, zeroMicros } from '../money/micros.ts'
import { usedAt } from './budget.ts'
import type { LedgerState } from './ledger-state.ts'
import { type BudgetMatch, matchingBudgets } from './matching-budgets.ts'
import { strictestState } from './trading-state.ts'

export type ReserveDecision = { readonly kind: 'reserved' } | { readonly kind: 'exists' } | ReserveRefusal

export type ReserveRefusal =
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'halted' | 'reducing-only'; readonly scope: string; readonly reason: string }
  | { readonly kind: 'limit-exceeded'; readonly figures: RefusalFigures; readonly type: string }

/**
 * May `intent` take its worst case out of every budget that matches it? All or nothing.
 *
 * Refusals in order of precedence: duplicate id, halted or reducing state, the first enforced constraint (in the order in which
 * they were set) whose used + reserved + requested would exceed its limit.
 *
 * @param expiresAt When it goes back unless it was sent, in the time of the ledger, as `nowMs`.
 * @throws {InvalidInputError} `AMOUNT_OVERFLOW` or `INVALID_AMOUNT`; then nothing is reserved.
 */
export function decideReserve(
  state: LedgerState,
  intent: Intent,
  nowMs: number,
  expiresAt: number,
): { readonly decision: ReserveDecision; readonly facts: readonly Fact[] } {
  const id = intent.id
  if (state.reservations.has(id)) return { decision: { kind: 'exists' }, facts: [] }
  if (state.ended.has(id)) return { decision: { kind: 'duplicate' }, facts: [] }
  const expired = expireUnsent(state, nowMs)

  const stop = intent.reduces ? undefined : strictestState(state, intent)
  if (stop !== undefined) {
    const kind = stop.state === 'halted' ? 'halted' : 'reducing-only'
    return { decision: { kind, scope: stop.scope, reason: stop.reason }, facts: expired }
  }

  const amounts: BudgetAmount[] = []
  const shadowed: RefusalFigures[] = []
  for (const { spec, budgetKey, amount } of requests(state, intent)) {
    const budget = state.budgets.get(budgetKey)
    const used = budget === undefined ? zeroMicros : usedAt(budget, spec, nowMs)
    const reserved = ((budget?.reserved ?? 0) - freedBy(state, expired, budgetKey)) as Micros
    if (used + reserved + amount > spec.limit) {
      const figures: RefusalFigures = {
        constraint: spec.name,
        scope: budgetKey.slice(spec.name.length + 1),
        limit: spec.limit,
        used,
        reserved,
        requested: amount,
        available: Math.max(0, spec.limit - used - reserved) as Micros,
      }
      if (spec.enforce) return { decision: { kind: 'limit-exceeded', figures, type: spec.type }, facts: expired }
      shadowed.push(figures)
    }
    if (spec.aggregation.kind === 'per-intent') continue
    // What evolve will add up must be countable: a fact that cannot be applied must not be written.
    addMicros((budget?.reserved ?? zeroMicros) as Micros, amount)
    amounts.push({ budget: budgetKey, amount })
  }
  const reserved: Fact = {
    type: 'intent-reserved',
    reservationId: id,
    intent,
    expiresAt,
    amounts,
    shadowed,
  }
  return { decision: { kind: 'reserved' }, facts: [...expired, reserved] }
}

/** Reservations that were never sent and whose time is up go back; a sent one waits for the venue's word. */
export function expireUnsent(state: LedgerState, nowMs: number): Fact[] {
  const facts: Fact[] = []
  for (const id of state.unsent) {
    const reservation = state.reservations.get(id)
    if (reservation !== undefined && nowMs >= reservation.expiresAt)
      facts.push({ type: 'intent-released', reservationId: id, reason: 'expired before it was sent' })
  }
  return facts
}

/** What the intent asks of each budget, in the order in which the constraints were set. */
function requests(state: LedgerState, intent: Intent): readonly (BudgetMatch & { readonly amount: Micros })[] {
  const sums = new Map<string, Micros>()
  for (const { measure, amount } of intent.effects)
    sums.set(measure, addMicros(sums.get(measure) ?? zeroMicros, toMicros(amount, 'up')))
  const found: (BudgetMatch & { readonly amount: Micros })[] = []
  for (const [measure, amount] of sums)
    for (const match of matchingBudgets(state, measure, intent))
      if (!intent.reduces || match.spec.bindsReducing) found.push({ ...match, amount })
  return found.sort((a, b) => a.order - b.order)
}

function freedBy(state: LedgerState, expired: readonly Fact[], budget: string): number {
  let freed = 0
  for (const fact of expired)
    if (fact.type === 'intent-released')
      for (const amount of state.reservations.get(fact.reservationId)?.amounts ?? [])
        if (amount.budget === budget) freed += amount.amount
  return freed
}
