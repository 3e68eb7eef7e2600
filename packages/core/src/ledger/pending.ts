import type { Fact } from '../journal/fact.ts'
import type { LedgerState } from './ledger-state.ts'
import { stakeKey } from './ledger-state.ts'

/** What one decision has come to so far and the ledger does not show yet, by budget. */
export interface Pending {
  readonly reserved: Map<string, number>
  readonly posted: Map<string, number>
  /** Exposure that is being taken off, by stake. */
  readonly reducing: Map<string, number>
}

export function nothingPending(): Pending {
  return { reserved: new Map(), posted: new Map(), reducing: new Map() }
}

export function addTo(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount)
}

/** Takes in that the reservations of `facts` end without a posting. */
export function giveBack(pending: Pending, state: LedgerState, facts: readonly Fact[]): void {
  for (const fact of facts) {
    if (fact.type !== 'intent-released') continue
    const reservation = state.reservations.get(fact.reservationId)
    if (reservation === undefined) continue
    for (const { budget, amount } of reservation.amounts) addTo(pending.reserved, budget, -amount)
    const { venueId, asset } = reservation.intent
    if (reservation.reduction > 0) addTo(pending.reducing, stakeKey(venueId, asset), -reservation.reduction)
  }
}
