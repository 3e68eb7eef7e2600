import { contextChecks } from './context-checks.ts'
import { lifetimeChecks } from './lifetime-checks.ts'
import { proposalChecks } from './proposal-checks.ts'
import type { StrategyCheck } from './strategy-check.ts'
import { troubleChecks } from './trouble-checks.ts'

/** Every check, in the order of the numbers. */
export const strategyChecks: readonly StrategyCheck[] = [
  ...proposalChecks,
  ...contextChecks,
  ...troubleChecks,
  ...lifetimeChecks,
]
