import type { Intent } from '../intent/intent.ts'
import type { BudgetAmount, Fact, RefusalFigures } from '../journal/fact.ts'
import { type Micros, toMicros, zeroMicros } from '../money/micros.ts'
import { usedAt } from './budget.ts'
import type { LedgerState } from './ledger-state.ts'
import { scopeCovers, scopeKey } from './scope.ts'

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
 */
export function decideReserve(
  state: LedgerState,
  intent: Intent,
  nowMs: number,
): { readonly decision: ReserveDecision; readonly facts: readonly Fact[] } {
  const id = intent.id
  if (state.reservations.has(id)) return { decision: { kind: 'exists' }, facts: [] }
  if (state.ended.has(id)) return { decision: { kind: 'duplicate' }, facts: [] }
  const facts = expireUnsent(state, nowMs)

  if (!intent.reduces) {
    const stop = strictestState(state, intent)
    if (stop !== undefined)
      return {
        decision: {
          kind: stop.state === 'halted' ? 'halted' : 'reducing-only',
          scope: stop.scope,
          reason: stop.reason,
        },
        facts,
      }
  }

  const requested = requestedByMeasure(intent)
  const amounts: BudgetAmount[] = []
  const shadowed: RefusalFigures[] = []
  for (const spec of state.constraints.values()) {
    const amount = requested.get(spec.measure)
    if (amount === undefined || (intent.reduces && !spec.bindsReducing)) continue
    const key = scopeKey(spec.scope, intent)
    if (key === undefined) continue
    const budgetKey = `${spec.name}@${key}`
    const budget = state.budgets.get(budgetKey)
    const used = budget === undefined ? zeroMicros : usedAt(budget, spec, nowMs)
    const reserved = ((budget?.reserved ?? 0) - freedBy(state, facts, budgetKey)) as Micros
    if (used + reserved + amount > spec.limit) {
      const figures: RefusalFigures = {
        constraint: spec.name,
        scope: key,
        limit: spec.limit,
        used,
        reserved,
        requested: amount,
        available: Math.max(0, spec.limit - used - reserved) as Micros,
      }
      if (spec.enforce) return { decision: { kind: 'limit-exceeded', figures, type: spec.type }, facts }
      shadowed.push(figures)
    }
    if (spec.aggregation.kind !== 'per-intent') amounts.push({ budget: budgetKey, amount })
  }
  return {
    decision: { kind: 'reserved' },
    facts: [
      ...facts,
      { type: 'intent-reserved', reservationId: id, intent, expiresAt: intent.expiresAt, amounts, shadowed },
    ],
  }
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

/** The strictest of the states whose scope covers `origin`. */
export function strictestState(
  state: LedgerState,
  origin: Parameters<typeof scopeCovers>[1],
): { readonly scope: string; readonly state: 'reducing' | 'halted'; readonly reason: string } | undefined {
  let strictest: { scope: string; state: 'reducing' | 'halted'; reason: string } | undefined
  for (const entry of state.tradingStates.values())
    if (scopeCovers(entry.scope, origin) && strictest?.state !== 'halted') strictest = entry
  return strictest
}

function requestedByMeasure(intent: Intent): Map<string, Micros> {
  const sums = new Map<string, Micros>()
  for (const effect of intent.effects)
    sums.set(effect.measure, ((sums.get(effect.measure) ?? 0) + toMicros(effect.amount, 'up')) as Micros)
  return sums
}

function freedBy(state: LedgerState, facts: readonly Fact[], budget: string): number {
  let freed = 0
  for (const fact of facts)
    if (fact.type === 'intent-released')
      for (const amount of state.reservations.get(fact.reservationId)?.amounts ?? [])
        if (amount.budget === budget) freed += amount.amount
  return freed
}
