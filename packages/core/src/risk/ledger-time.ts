import { InvalidInputError } from '../errors/automation-error.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'
import type { Clock } from '../time/clock.ts'

/** A clock that steps back must not reopen a window: the ledger's time only grows. */
export function ledgerTime(clock: Clock, state: LedgerState): number {
  const nowMs = clock.now()
  if (!Number.isFinite(nowMs))
    throw new InvalidInputError({
      code: 'INVALID_TIME',
      message: `the clock does not say a time: ${String(nowMs)}`,
    })
  return Math.max(nowMs, state.lastAtMs)
}
