import { canonicalJson } from '../intent/json.ts'
import type { ExactPosting, Fact } from '../journal/fact.ts'
import { addMicros, type Micros, toMicros, zeroMicros } from '../money/micros.ts'
import { type Budget, letGo, newBudget, post } from './budget.ts'
import type { Ending, LedgerState } from './ledger-state.ts'
import { forgetIndex, matchingBudgets } from './matching-budgets.ts'
import type { Origin } from './scope.ts'

/** How many ended ids are remembered to recognise a repeat. */
const endedIdsMax = 100_000

const dayMs = 86_400_000

export function emptyLedger(): LedgerState {
  return {
    constraints: new Map(),
    configured: new Map(),
    budgets: new Map(),
    reservations: new Map(),
    unsent: new Set(),
    ended: new Map(),
    tradingStates: new Map(),
    exposure: { domain: new Map(), venue: new Map(), asset: new Map() },
    lossToday: { dayEndMs: 0, sum: zeroMicros },
    lastAtMs: 0,
  }
}

/** Who sets a constraint that stands in the configuration. */
export const byConfig = 'config'

/**
 * Applies one fact. The only place where budgets change, so that replaying the journal gives the same budgets as living through it.
 */
export function evolve(state: LedgerState, fact: Fact, atMs: number): void {
  state.lastAtMs = Math.max(state.lastAtMs, atMs)
  switch (fact.type) {
    case 'constraint-set':
      state.constraints.set(fact.constraint.name, fact.constraint)
      if (fact.by === byConfig) state.configured.set(fact.constraint.name, canonicalJson(fact.constraint))
      forgetIndex(state)
      return
    case 'intent-reserved':
      for (const { budget, amount } of fact.amounts) {
        const account = budgetOf(state, budget)
        const spec = state.constraints.get(account.constraint)
        if (spec !== undefined) letGo(account, spec, atMs)
        account.reserved = addMicros(account.reserved, amount)
      }
      state.reservations.set(fact.reservationId, {
        id: fact.reservationId,
        intent: fact.intent,
        expiresAt: fact.expiresAt,
        amounts: fact.amounts,
        requested: fact.intent.effects.map(effect => ({
          measure: effect.measure,
          amount: toMicros(effect.amount, 'up'),
        })),
        idempotencyKey: undefined,
      })
      state.unsent.add(fact.reservationId)
      return
    case 'intent-sent': {
      const reservation = state.reservations.get(fact.reservationId)
      if (reservation !== undefined) reservation.idempotencyKey = fact.idempotencyKey
      state.unsent.delete(fact.reservationId)
      return
    }
    case 'intent-settled': {
      const reservation = state.reservations.get(fact.reservationId)
      if (reservation === undefined) return
      endReservation(state, fact.reservationId, 'settled')
      applyPostings(state, reservation.intent, fact.postings, atMs)
      return
    }
    case 'intent-released':
      endReservation(state, fact.reservationId, 'released')
      return
    case 'result-recorded':
      applyPostings(state, fact, fact.postings, atMs)
      return
    case 'state-changed':
      if (fact.state === 'active') state.tradingStates.delete(fact.scope)
      else state.tradingStates.set(fact.scope, { scope: fact.scope, state: fact.state, reason: fact.reason })
      return
    case 'intent-rejected':
      if (!state.reservations.has(fact.intent.id)) noteEnding(state, fact.intent.id, 'rejected')
      return
    case 'intent-in-doubt':
      return
  }
}

function endReservation(state: LedgerState, id: string, ending: Ending): void {
  const reservation = state.reservations.get(id)
  if (reservation === undefined) return
  for (const { budget, amount } of reservation.amounts) {
    const account = budgetOf(state, budget)
    account.reserved = (account.reserved - amount) as Micros
  }
  state.reservations.delete(id)
  state.unsent.delete(id)
  noteEnding(state, id, ending)
}

function noteEnding(state: LedgerState, id: string, ending: Ending): void {
  state.ended.set(id, ending)
  if (state.ended.size > endedIdsMax)
    for (const oldest of state.ended.keys()) {
      state.ended.delete(oldest)
      break
    }
}

function applyPostings(state: LedgerState, origin: Origin, postings: readonly ExactPosting[], atMs: number): void {
  for (const { measure, amount } of postings) {
    if (measure === 'loss') {
      if (atMs >= state.lossToday.dayEndMs)
        state.lossToday = { dayEndMs: (Math.floor(atMs / dayMs) + 1) * dayMs, sum: zeroMicros }
      state.lossToday.sum = addMicros(state.lossToday.sum, amount)
    }
    if (measure === 'exposure') {
      bump(state.exposure.domain, origin.domain, amount)
      bump(state.exposure.venue, origin.venueId, amount)
      if (origin.asset !== undefined) bump(state.exposure.asset, origin.asset, amount)
    }
    for (const { spec, budgetKey } of matchingBudgets(state, measure, origin))
      post(budgetOf(state, budgetKey), spec, amount, atMs)
  }
}

function bump(totals: Map<string, Micros>, key: string, amount: Micros): void {
  const sum = addMicros(totals.get(key) ?? zeroMicros, amount)
  if (sum === 0) totals.delete(key)
  else totals.set(key, sum)
}

function budgetOf(state: LedgerState, key: string): Budget {
  const known = state.budgets.get(key)
  if (known !== undefined) return known
  // Names of constraints hold no `@`, names of assets may.
  const at = key.indexOf('@')
  const created = newBudget(key.slice(0, at), key.slice(at + 1))
  state.budgets.set(key, created)
  return created
}
