import type { Intent } from '../intent/intent.ts'
import type { ReserveDecision } from '../ledger/decide-reserve.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'
import type { Reservation } from './risk-manager.ts'

/** What the caller is told of a reservation that `intent` has now, or had before. */
export function reservationOf(
  state: LedgerState,
  intent: Intent,
  decision: Extract<ReserveDecision, { kind: 'reserved' | 'exists' }>,
  aheadMs: number,
): Reservation {
  const known = state.reservations.get(intent.id)
  return {
    id: intent.id,
    intentId: intent.id,
    expiresAt: known?.expiresAt ?? intent.expiresAt + aheadMs,
    isRepeat: decision.kind === 'exists',
    effects: known?.intent.effects ?? (decision.kind === 'reserved' ? decision.effects : intent.effects),
  }
}
