import { AutomationError, InvalidInputError } from '../errors/automation-error.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'
import type { Clock } from '../time/clock.ts'

/** A clock that steps back must not reopen a window: the ledger's time only grows, unless somebody sets it back. */
export function ledgerTime(clock: Clock, state: LedgerState): number {
  const nowMs = clock.now()
  if (!Number.isFinite(nowMs))
    throw new InvalidInputError({
      code: 'INVALID_TIME',
      message: `the clock does not say a time: ${String(nowMs)}`,
    })
  return Math.max(nowMs, state.lastAtMs)
}

/** How far the ledger's time may be ahead of a process's clock before one of them must be wrong. */
const aheadMsMax = 3_600_000

/**
 * A clock that ran ahead for a moment, in whichever process, has ended windows before their time: what they had counted is free again. Until
 * time has caught up nobody takes new risk on that.
 *
 * @throws {AutomationError} `CLOCKS_DISAGREE`
 */
export function requireClocksAgree(clock: Clock, nowMs: number): void {
  const aheadMs = nowMs - clock.now()
  if (aheadMs <= aheadMsMax) return
  throw new AutomationError({
    code: 'CLOCKS_DISAGREE',
    message: `the ledger's time is ${new Date(nowMs).toISOString()}, ${(aheadMs / 3_600_000).toFixed(1)} h ahead of this clock: a process has or had a wrong clock; set it right; no new risk until time has caught up, or setTimeBack(reason, by)`,
  })
}
