import type { BacktestResult } from '../run/backtest-result.ts'
import { figuresText } from './figures-text.ts'

/** The figures of a run for a terminal, one a line, and what the budgets refused. */
export function summaryText(result: BacktestResult): string {
  const figures = figuresText(result.statistics)
  const width = Math.max(...figures.map(([title]) => title.length))
  const lines = figures.map(([title, text]) => `${title.padEnd(width)}  ${text}`)
  const [first] = result.refusals
  const refused =
    first === undefined ? 'nothing was refused' : `${result.refusalCount} refused, the first: ${first.message}`
  return [...lines, refused].join('\n')
}
