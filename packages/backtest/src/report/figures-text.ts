import type { RunStatistics } from '../statistics/statistics.ts'

/** What stands where a sample is too small for a value. */
const noValue = 'n/a'

type Format = (value: number) => string

const percent: Format = value => `${(value * 100).toFixed(2)} %`
const plain: Format = value => value.toFixed(2)
const count: Format = value => String(value)
const money: Format = value => moneyText(value)
const date: Format = value => new Date(value).toISOString().slice(0, 16).replace('T', ' ')
const length: Format = value => lengthText(value)

/** Figures in the order in which they are read, with their names and units; the definitions are in docs/backtest.md. */
const rows: readonly (readonly [name: keyof RunStatistics, title: string, format: Format])[] = [
  ['startTime', 'Begin', date],
  ['endTime', 'End', date],
  ['equityFinal', 'Equity at the end', money],
  ['equityPeak', 'Highest equity', money],
  ['returnRatio', 'Return', percent],
  ['buyAndHoldRatio', 'Buy and hold', percent],
  ['returnPerYear', 'Return a year', percent],
  ['compoundGrowthPerYear', 'Compound growth a year', percent],
  ['volatilityPerYear', 'Volatility a year', percent],
  ['sharpe', 'Sharpe', plain],
  ['sortino', 'Sortino', plain],
  ['calmar', 'Calmar', plain],
  ['maxDrawdownRatio', 'Deepest drawdown', percent],
  ['averageDrawdownRatio', 'Average drawdown', percent],
  ['longestDrawdownMs', 'Longest drawdown', length],
  ['exposureRatio', 'Time in the market', percent],
  ['commissions', 'Commissions', money],
  ['tradeCount', 'Trades', count],
  ['winRatio', 'Winners', percent],
  ['bestTradeRatio', 'Best trade', percent],
  ['worstTradeRatio', 'Worst trade', percent],
  ['expectancyRatio', 'Mean of the trades', percent],
  ['profitFactor', 'Profit factor', plain],
  ['systemQuality', 'System quality (SQN)', plain],
  ['kellyRatio', 'Kelly', plain],
  ['averageTradeMs', 'Average length of a trade', length],
]

/** Title and text of each figure. */
export function figuresText(statistics: RunStatistics): readonly (readonly [title: string, text: string])[] {
  return rows.map(([name, title, format]) => {
    const value = statistics[name]
    return [title, value === undefined ? noValue : format(value)]
  })
}

export function percentText(value: number | undefined): string {
  return value === undefined ? noValue : percent(value)
}

/** With separators and two digits, `12,345.60`. */
export function moneyText(value: number): string {
  const [whole = '', cents = ''] = Math.abs(value).toFixed(2).split('.')
  return `${value < 0 ? '−' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`
}

function lengthText(ms: number): string {
  const days = ms / 86_400_000
  if (days >= 2) return `${Math.round(days)} d`
  return ms >= 3_600_000 ? `${(ms / 3_600_000).toFixed(1)} h` : `${Math.round(ms / 60_000)} min`
}
