import type { Micros } from '../money/micros.ts'
import type { BudgetMatch } from './matching-budgets.ts'

/**
 * Is nothing left of a budget, so that no new risk in its scope is taken, whatever it names? An intent that names no loss is not for that
 * reason one that cannot lose.
 *
 * - A limit of 0: always. Only a condition that must be said and is judged for each intent (price collar, age of data) means 0 as a figure.
 * - Windows and drawdowns: once used ≥ limit.
 * - Levels: once used > limit. At the limit exactly everything is invested as planned, and what adds nothing to it may go on.
 * - Per intent, and concentrations, which shift with what others do: only by what the intent names.
 *
 * A share of which nothing was used is asked only for what is named: others may have borrowed it.
 *
 * @param limit As it stands now.
 */
export function isSpent({ spec }: BudgetMatch, used: Micros, limit: Micros): boolean {
  const { aggregation, requiresMeasure } = spec
  if (spec.limit === 0) return aggregation.kind !== 'per-intent' || requiresMeasure !== true
  switch (aggregation.kind) {
    case 'rolling':
    case 'calendar':
    case 'drawdown':
      return used > 0 && used >= limit
    case 'level':
      return used > limit
    default:
      return false
  }
}
