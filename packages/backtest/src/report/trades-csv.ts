import type { VenueTrade } from '../run/backtest-result.ts'

const columns = [
  'venueId',
  'symbol',
  'owner',
  'units',
  'entryTime',
  'exitTime',
  'entryPrice',
  'exitPrice',
  'commission',
  'profit',
  'returnRatio',
  'exitReason',
] as const satisfies readonly (keyof VenueTrade)[]

/** Closed trades as CSV with a header; times as ISO 8601 in UTC. */
export function tradesCsv(trades: readonly VenueTrade[]): string {
  const rows = trades.map(trade => columns.map(column => cell(column, trade[column])).join(','))
  return [columns.join(','), ...rows, ''].join('\n')
}

function cell(column: string, value: string | number): string {
  if (column.endsWith('Time')) return new Date(value).toISOString()
  const text = String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
