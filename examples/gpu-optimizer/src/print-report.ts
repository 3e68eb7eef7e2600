import type { BudgetStatus } from '@org/core'
import type { DecisionCounts, GpuKpis } from '@org/strategy-gpu-optimizer'
import type { ModelComparison } from './compare.ts'
import type { Outcomes } from './outcomes.ts'
import { table } from './table.ts'

/** No minus before what rounds to nothing. */
const usd = (amount: number) => `${amount <= -0.005 ? '-' : ''}$${Math.abs(amount).toFixed(2)}`
const percent = (share: number, digits = 0) => `${(share * 100).toFixed(digits)} %`
const words = (name: string) => name.replaceAll('-', ' ')

/** What was decided and why, counted. */
export function decisionsText(decisions: DecisionCounts): string {
  const rows = Object.entries(decisions).flatMap(([kind, reasons]) =>
    Object.entries(reasons)
      .sort((a, b) => b[1] - a[1])
      .map(([reason, count]) => [`${kind}: ${words(reason)}`, count.toLocaleString('en-US')]),
  )
  return `What was decided\n${table(rows)}`
}

/** What became of the decisions that wanted something, counted. */
export function outcomesText(outcomes: Outcomes): string {
  const rows = Object.entries(outcomes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([outcome, count]) => [outcome, count.toLocaleString('en-US')])
  return `What happened\n${table(rows.length === 0 ? [['nothing was sent', '']] : rows)}`
}

export function kpisText(kpis: GpuKpis): string {
  return `What it earned\n${table([
    ['Total revenue', usd(kpis.totalRevenue)],
    ['Total operating cost', usd(kpis.operatingCost)],
    ['Net profit', usd(kpis.netProfit)],
    ['ROI', percent(kpis.roi)],
    ['Average hourly rate while rented', `$${kpis.averageHourlyRate.toFixed(3)}`],
    ['Occupancy', percent(kpis.occupancy, 1)],
    ['Profit per GPU per day', usd(kpis.profitPerGpuPerDay)],
    ['Decisions made', kpis.decisionsMade.toLocaleString('en-US')],
    ['Decision accuracy', kpis.decisionAccuracy === null ? 'n/a' : percent(kpis.decisionAccuracy)],
  ])}`
}

export function budgetsText(budgets: readonly BudgetStatus[]): string {
  const figure = (budget: BudgetStatus, amount: number) => (budget.type === 'FREQUENCY' ? String(amount) : usd(amount))
  return `What may still be lost and spent\n${table([
    ['', 'limit', 'used', 'reserved', 'left'],
    ...budgets.map(budget => [
      `${budget.constraint} (${budget.scope})`,
      figure(budget, budget.limit),
      figure(budget, budget.used),
      figure(budget, budget.reserved),
      figure(budget, budget.available),
    ]),
  ])}`
}

/** The same market and renters under other policies. */
export function comparisonText(comparison: ModelComparison): string {
  const { model, gpus, results, bestFixed } = comparison
  return `The same market and renters under other policies (${gpus} x ${model.replaceAll('_', ' ')}, income per GPU and day)\n${table(
    [
      ['', 'income', 'of best', 'occupancy', 'changes/day'],
      ...results.map(result => [
        words(result.name),
        usd(result.incomePerGpuDay),
        percent(result.ratioToBestFixed),
        percent(result.occupancy),
        result.priceChangesPerDay.toFixed(1),
      ]),
      [
        `best fixed price in hindsight (earns $${(bestFixed.fixedPrice ?? 0).toFixed(3)}/h)`,
        usd(bestFixed.incomePerGpuDay),
        percent(1),
        percent(bestFixed.occupancy),
        '0.0',
      ],
    ],
  )}`
}
