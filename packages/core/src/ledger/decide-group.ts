import type { Intent } from '../intent/intent.ts'
import type { Fact } from '../journal/fact.ts'
import { decideReserve, expireUnsent, type ReserveDecision } from './decide-reserve.ts'
import type { LedgerState } from './ledger-state.ts'
import { giveBack, nothingPending } from './pending.ts'

/**
 * Reservations for several intents in order, all or nothing: each sees what those before it took. Ends at the first that is refused.
 *
 * @returns One decision each, up to the refused one; where one was refused, the facts reserve nothing.
 */
export function decideReserveGroup(
  state: LedgerState,
  intents: readonly Intent[],
  nowMs: number,
  aheadMs = 0,
): { readonly decisions: readonly ReserveDecision[]; readonly facts: readonly Fact[] } {
  const expired = expireUnsent(state, nowMs)
  const pending = nothingPending()
  giveBack(pending, state, expired)
  const decisions: ReserveDecision[] = []
  const facts: Fact[] = [...expired]
  const seen = new Set<string>()
  for (const intent of intents) {
    const { decision, facts: own } = seen.has(intent.id)
      ? { decision: { kind: 'duplicate' } as const, facts: [] }
      : decideReserve(state, intent, nowMs, { pending, aheadMs })
    seen.add(intent.id)
    decisions.push(decision)
    if (decision.kind !== 'reserved' && decision.kind !== 'exists')
      return { decisions, facts: [...expired, ...own.filter(({ type }) => type === 'breaker-tripped')] }
    facts.push(...own)
  }
  return { decisions, facts }
}
