import { type BudgetStatus, type ConstraintSpec, formatMicros, type LedgerState, toMicros } from '@org/core'
import { moment, table } from './table.ts'

/** A budget as `--json` shows it. */
export type BudgetData = BudgetStatus & { readonly measure: string }

export function budgetData({ constraints }: LedgerState, status: BudgetStatus): BudgetData {
  return { ...status, measure: constraints.get(status.constraint)?.measure ?? '' }
}

const barWidth = 20

/** `[#####+++----]`: used, reserved, left. */
function bar({ limit, used, reserved }: BudgetData): string {
  const cells = (amount: number) => (limit === 0 ? barWidth : Math.ceil((amount / limit) * barWidth))
  const taken = Math.min(barWidth, cells(used))
  const kept = Math.min(barWidth - taken, limit === 0 ? 0 : cells(reserved))
  return `[${'#'.repeat(taken)}${'+'.repeat(kept)}${'-'.repeat(barWidth - taken - kept)}]`
}

/** Budgets as a table with bars; a breaker says whether it lets through. */
export function budgetsText(state: LedgerState, budgets: readonly BudgetData[]): string {
  if (budgets.length === 0) return '  none: no bot has configured a limit in this store\n'
  return table([
    ['', 'limit', 'used', 'reserved', 'left', '', ''],
    ...budgets.map(budget => {
      const spec = state.constraints.get(budget.constraint)
      const name = `${budget.constraint} (${budget.scope})`
      const kind = spec?.aggregation.kind
      if (spec === undefined || kind === 'breaker' || kind === 'list')
        return [name, '', '', '', '', '', noteOf(budget) || 'lets through']
      const { limit, used, reserved, available } = budget
      const figures = [limit, used, reserved, available].map(amount => figure(spec, amount))
      return [name, ...figures, bar(budget), noteOf(budget)]
    }),
  ])
}

function noteOf({ enforced, locked, lockedUntil }: BudgetData): string {
  if (locked) return lockedUntil === undefined ? 'LOCKED until it is re-armed' : `LOCKED until ${moment(lockedUntil)}`
  return enforced ? '' : 'in shadow mode: refuses nothing'
}

/** An amount in the constraint's unit. */
export function figure({ measure, aggregation }: ConstraintSpec, amount: number): string {
  if (aggregation.kind === 'breaker' || measure === 'count') return String(amount)
  if (measure === 'data-age') return `${amount} s`
  return formatMicros(toMicros(amount, 'up'))
}
