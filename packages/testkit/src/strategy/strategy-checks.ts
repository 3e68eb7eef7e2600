import { conductChecks } from './conduct-checks.ts'
import { proposalChecks } from './proposal-checks.ts'
import type { StrategyCheck } from './strategy-check.ts'

/** Every check, in the order of the numbers. */
export const strategyChecks: readonly StrategyCheck[] = [...proposalChecks, ...conductChecks]
