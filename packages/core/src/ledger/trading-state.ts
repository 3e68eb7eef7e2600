import { AutomationError } from '../errors/automation-error.ts'
import type { LedgerState } from './ledger-state.ts'
import { type Origin, scopeCovers } from './scope.ts'

/** The strictest of the states whose scope covers `origin`; `undefined` where nothing was halted or reduced. */
export function strictestState(
  state: LedgerState,
  origin: Partial<Origin>,
): { readonly scope: string; readonly state: 'reducing' | 'halted'; readonly reason: string } | undefined {
  let strictest: { scope: string; state: 'reducing' | 'halted'; reason: string } | undefined
  for (const entry of state.tradingStates.values())
    if (scopeCovers(entry.scope, origin) && strictest?.state !== 'halted') strictest = entry
  return strictest
}

/** @throws {AutomationError} `NOT_HALTED` naming what is stopped: each scope is resumed by the words by which it was stopped. */
export function requireStopped({ tradingStates }: LedgerState, scope: string): void {
  if (tradingStates.has(scope)) return
  const stopped = [...tradingStates.values()].map(entry => `${entry.state} (${entry.scope}), ${entry.reason}`)
  throw new AutomationError({
    code: 'NOT_HALTED',
    message: `${scope} is neither halted nor reducing by itself: nothing was resumed; stopped: ${stopped.join('; ') || 'nothing'}`,
  })
}
