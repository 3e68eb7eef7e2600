import { AutomationError } from '../errors/automation-error.ts'
import { lockAt } from '../ledger/breaker.ts'
import { type Budget, usedAt } from '../ledger/budget.ts'
import type { ConstraintSpec } from '../ledger/constraint-spec.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'

/**
 * The key of the budget that re-arming `spec` under `scope` is about: one that is locked; or, where none of the constraint's is, a drawdown
 * that has fallen from its peak.
 *
 * @param scope In words, as {@link keyFor} gives it.
 * @throws {AutomationError} `NOTHING_TO_REARM` naming what is locked: who re-arms and reads no error goes home believing that it was done.
 */
export function budgetToRearm(state: LedgerState, spec: ConstraintSpec, scope: string, nowMs: number): string {
  const budget = `${spec.name}@${scope}`
  const locked = [...state.budgets.values()].filter(
    account => account.constraint === spec.name && isLocked(account, spec, nowMs),
  )
  if (locked.some(({ scopeKey }) => scopeKey === scope)) return budget
  const hasFallen = spec.aggregation.kind === 'drawdown' && usedAt(state.budgets.get(budget), spec, nowMs) > 0
  if (hasFallen && locked.length === 0) return budget
  const names = locked.map(({ scopeKey }) => scopeKey)
  throw new AutomationError({
    code: 'NOTHING_TO_REARM',
    message: `${spec.name} is not locked at ${scope}: nothing was re-armed; locked: ${names.length === 0 ? 'none' : `${names.join('; ')} (say which by its origin)`}`,
  })
}

function isLocked({ breaker: memory }: Budget, { aggregation, limit }: ConstraintSpec, nowMs: number): boolean {
  const breaker = aggregation.kind === 'breaker' ? aggregation : undefined
  return memory !== undefined && lockAt(breaker, limit, memory, undefined, nowMs) !== undefined
}
