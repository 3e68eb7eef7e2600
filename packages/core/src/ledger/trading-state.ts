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
