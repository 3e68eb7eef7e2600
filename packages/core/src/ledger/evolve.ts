import type { Intent } from '../intent/intent.ts'
import { canonicalJson } from '../intent/json.ts'
import type { Fact } from '../journal/fact.ts'
import { addMicros, type Micros, toMicros, zeroMicros } from '../money/micros.ts'
import { applyAttempts, applyMissingAttempts, applyPostings, budgetAt, budgetIn } from './apply-postings.ts'
import { allSides, type BreakerEvent, type BreakerMemory, eventOf, withEvent } from './breaker.ts'
import { hasWindow, letGo } from './budget.ts'
import type { Breaker } from './constraint-spec.ts'
import { forgetDue, noteDue } from './expiry.ts'
import { type Ending, type LedgerState, type OpenReservation, stakeKey } from './ledger-state.ts'
import { forgetIndex, matchesOf } from './matching-budgets.ts'
import type { Origin } from './scope.ts'
import { setTimeBack } from './set-time-back.ts'

/** How many ended ids, refused ids and operations each are remembered to recognise a repeat. */
const endedIdsMax = 100_000

export function emptyLedger(): LedgerState {
  return {
    constraints: new Map(),
    configured: new Map(),
    setByHand: new Set(),
    budgets: new Map(),
    reservations: new Map(),
    unsent: new Set(),
    ended: new Map(),
    refused: new Set(),
    operations: new Map(),
    tradingStates: new Map(),
    exposure: { domain: new Map(), venue: new Map(), asset: new Map(), stakes: new Map() },
    lossToday: { dayEndMs: 0, sum: zeroMicros },
    lossEver: zeroMicros,
    pastDays: [],
    lastAtMs: 0,
  }
}

/** Who sets a constraint that stands in the configuration. */
export const byConfig = 'config'

/**
 * Applies one fact. The only place where budgets change, so that replaying the journal gives the same budgets as living through it.
 */
export function evolve(state: LedgerState, fact: Fact, atMs: number): void {
  if (atMs > state.lastAtMs) state.lastAtMs = atMs
  switch (fact.type) {
    case 'constraint-set':
      state.constraints.set(fact.constraint.name, fact.constraint)
      if (fact.by === byConfig) state.configured.set(fact.constraint.name, canonicalJson(fact.constraint))
      else state.setByHand.add(fact.constraint.name)
      forgetIndex(state)
      return
    case 'constraint-retired':
      retire(state, fact.name)
      return
    case 'intent-reserved':
      reserve(state, fact, atMs)
      return
    case 'intent-sent': {
      const reservation = state.reservations.get(fact.reservationId)
      if (reservation !== undefined) reservation.idempotencyKey = fact.idempotencyKey
      state.unsent.delete(fact.reservationId)
      forgetDue(state)
      return
    }
    case 'intent-in-doubt': {
      const reservation = state.reservations.get(fact.reservationId)
      if (reservation === undefined || reservation.isInDoubt) return
      reservation.isInDoubt = true
      noteOutcome(state, reservation.intent, true, atMs)
      return
    }
    case 'intent-settled': {
      const reservation = endReservation(state, fact.reservationId, 'settled')
      if (reservation === undefined) return
      applyPostings(state, reservation.intent, fact.postings, atMs)
      applyMissingAttempts(state, reservation, fact.postings, atMs)
      if (fact.closed !== undefined)
        noteEvent(state, reservation.intent, 'closed-positions', eventOf(fact.closed), atMs)
      if (countsAsOutcome(reservation)) noteOutcome(state, reservation.intent, false, atMs)
      return
    }
    case 'intent-released': {
      const ending = fact.expired === true ? 'expired' : 'released'
      const reservation = endReservation(state, fact.reservationId, ending)
      if (reservation === undefined) return
      applyAttempts(state, reservation, atMs)
      if (countsAsOutcome(reservation)) noteOutcome(state, reservation.intent, true, atMs)
      return
    }
    case 'result-recorded':
      applyPostings(state, fact, fact.postings, atMs)
      if (fact.closed !== undefined) noteEvent(state, fact, 'closed-positions', eventOf(fact.closed), atMs)
      return
    case 'state-changed':
      if (fact.state === 'active') state.tradingStates.delete(fact.scope)
      else state.tradingStates.set(fact.scope, { scope: fact.scope, state: fact.state, reason: fact.reason })
      return
    case 'intent-rejected':
      if (state.reservations.has(fact.intent.id) || state.ended.has(fact.intent.id)) return
      state.refused.add(fact.intent.id)
      if (state.refused.size > endedIdsMax) forgetOldest(state.refused)
      return
    case 'breaker-tripped':
      memoryOf(state, fact.budget).locks.set(fact.side ?? allSides, {
        untilMs: fact.untilMs ?? Number.POSITIVE_INFINITY,
        reason: fact.reason,
      })
      return
    case 'breaker-rearmed': {
      const budget = budgetAt(state, fact.budget)
      budget.trough = budget.sum
      delete budget.breaker
      return
    }
    case 'time-set-back':
      setTimeBack(state, atMs, fact.kept)
      return
    case 'account-operation':
      remember(state.operations, fact.operation.id, fact.operation)
      return
    case 'account-operation-refused':
      remember(state.operations, fact.id, { failed: fact.code })
      return
  }
}

/** With its accounts: should it come back, it begins anew, as any constraint that is new. */
function retire(state: LedgerState, name: string): void {
  state.constraints.delete(name)
  state.configured.delete(name)
  state.setByHand.delete(name)
  for (const [key, { constraint }] of state.budgets) if (constraint === name) state.budgets.delete(key)
  for (const reservation of state.reservations.values())
    reservation.amounts = reservation.amounts.filter(({ budget }) => state.budgets.has(budget))
  forgetIndex(state)
}

function reserve(state: LedgerState, fact: Extract<Fact, { type: 'intent-reserved' }>, atMs: number): void {
  const { reservationId: id, intent, expiresAt, amounts } = fact
  for (const { budget, amount } of amounts) {
    const account = budgetAt(state, budget)
    if (hasWindow(account)) {
      const spec = state.constraints.get(account.constraint)
      if (spec !== undefined) letGo(account, spec, atMs)
    }
    account.reserved = addMicros(account.reserved, amount)
  }
  const reduction = startReducing(state, intent)
  state.reservations.set(id, {
    id,
    intent,
    expiresAt,
    amounts,
    requested: intent.effects.map(effect => ({
      measure: effect.measure,
      amount: toMicros(effect.amount, 'up'),
    })),
    idempotencyKey: undefined,
    isInDoubt: false,
    reduction,
  })
  state.unsent.add(id)
  noteDue(state, expiresAt, id)
}

/** What is taken off a stake that is known; where none is, there is nothing to guard. */
function startReducing(state: LedgerState, { reduces, reduction, venueId, asset }: Intent): Micros {
  const stake = reduces && reduction !== undefined ? state.exposure.stakes.get(stakeKey(venueId, asset)) : undefined
  if (stake === undefined || reduction === undefined) return zeroMicros
  const exact = toMicros(reduction, 'up')
  stake.reducing = addMicros(stake.reducing, exact)
  return exact
}

function endReservation(state: LedgerState, id: string, ending: Ending): OpenReservation | undefined {
  const reservation = state.reservations.get(id)
  if (reservation === undefined) return undefined
  for (const { budget, amount } of reservation.amounts) {
    const account = budgetAt(state, budget)
    account.reserved = (account.reserved - amount) as Micros
  }
  if (reservation.reduction > 0) {
    const stake = state.exposure.stakes.get(stakeKey(reservation.intent.venueId, reservation.intent.asset))
    if (stake !== undefined) stake.reducing = (stake.reducing - reservation.reduction) as Micros
  }
  state.reservations.delete(id)
  state.unsent.delete(id)
  forgetDue(state)
  remember(state.ended, id, ending)
  return reservation
}

/** A request left, and how it ended was not counted before. */
function countsAsOutcome({ idempotencyKey, isInDoubt }: OpenReservation): boolean {
  return idempotencyKey !== undefined && !isInDoubt
}

function noteOutcome(state: LedgerState, origin: Origin, isAdverse: boolean, atMs: number): void {
  if (matchesOf(state, origin).conditions.length > 0)
    noteEvent(state, origin, 'outcomes', { at: atMs, ratio: zeroMicros, isAdverse }, atMs)
}

function noteEvent(state: LedgerState, origin: Origin, feed: Breaker['feed'], event: BreakerEvent, atMs: number): void {
  for (const match of matchesOf(state, origin).conditions) {
    const { aggregation } = match.spec
    if (aggregation.kind !== 'breaker' || aggregation.feed !== feed) continue
    budgetIn(state, match)
    const memory = memoryOf(state, match.budgetKey)
    memory.events = withEvent(memory.events, event, aggregation, atMs)
  }
}

function memoryOf(state: LedgerState, key: string): BreakerMemory {
  const budget = budgetAt(state, key)
  budget.breaker ??= { locks: new Map(), events: [] }
  return budget.breaker
}

/** Newest last; the oldest are forgotten beyond the bound. */
function remember<V>(map: Map<string, V>, id: string, value: V): void {
  map.set(id, value)
  if (map.size > endedIdsMax) forgetOldest(map)
}

/** Where the oldest ids are, for maps that are full. A new iterator would walk over the places of all that were removed lately. */
const oldestIds = new WeakMap<Map<string, unknown> | Set<string>, Iterator<string>>()

function forgetOldest(known: Map<string, unknown> | Set<string>): void {
  let ids = oldestIds.get(known)
  if (ids === undefined) {
    ids = known.keys()
    oldestIds.set(known, ids)
  }
  const oldest = ids.next()
  if (oldest.done !== true) known.delete(oldest.value)
}
