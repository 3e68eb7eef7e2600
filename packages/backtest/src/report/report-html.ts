import type { BarColumns } from '../bars/bar-columns.ts'
import type { BacktestResult, VenueTrade } from '../run/backtest-result.ts'
import { drawdownCurve } from '../statistics/drawdowns.ts'
import { downsample } from './downsample.ts'
import { figuresText, moneyText, percentText } from './figures-text.ts'
import { histogram } from './histogram.ts'
import { type ChartMark, lineChart } from './line-chart.ts'
import { escaped } from './markup.ts'
import { type MonthReturn, monthlyReturns } from './monthly-returns.ts'
import { reportStyle } from './style.ts'

export interface ReportRun {
  readonly name: string
  readonly result: BacktestResult
}

export interface ReportOptions {
  readonly title: string
  /** One or several to compare, four at most; trades, months and budgets are shown of the first. */
  readonly runs: readonly [ReportRun, ...ReportRun[]]
  /** Bars to show the first run's trades on. */
  readonly prices?: { readonly venueId: string; readonly symbol: string; readonly bars: BarColumns }
}

/** Rows of long tables that are shown; the CSV has all. */
const rowsMax = 200
const runsMax = 4

/**
 * A run, or several compared, as one HTML file that needs no network: equity, drawdown, trades on price, months, distribution, use of the
 * budgets with what they refused, the figures. The same result gives the same file.
 *
 * @example
 * await writeFile('report.html', reportHtml({ title: 'EMA cross', runs: [{ name: '20/100', result }] }))
 */
export function reportHtml(options: ReportOptions): string {
  const { title, prices } = options
  const runs = options.runs.slice(0, runsMax)
  const [{ result }] = options.runs
  const { startTime, endTime } = result.statistics
  const span = `${new Date(startTime).toISOString().slice(0, 10)} to ${new Date(endTime).toISOString().slice(0, 10)}`
  const sections = [
    section('Equity', legend(runs.map(({ name }) => name)) + equityChart(runs)),
    section('Drawdown', drawdownChart(runs)),
    prices === undefined ? '' : section(`Trades on ${prices.symbol}`, tradesChart(result, prices)),
    section('Months', heatMap(monthlyReturns(result.times, result.equity))),
    result.trades.length === 0
      ? ''
      : section(
          'Returns of the trades',
          histogram(
            result.trades.map(({ returnRatio }) => returnRatio),
            percentText,
          ),
        ),
    result.budgetUse.length === 0 && result.refusals.length === 0
      ? ''
      : section('Use of the budgets', budgetCharts(result)),
    result.booked.some(({ result: booked }) => booked !== 0)
      ? section('Booked on the shared budget', bookedChart(result))
      : '',
    section('Figures', figuresTable(runs)),
    result.refusals.length === 0 ? '' : section(`Refused: ${result.refusalCount}`, refusalsTable(result)),
    section(`Trades: ${result.trades.length}`, tradesTable(result.trades)),
  ]
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(title)}</title><style>${reportStyle}</style></head>
<body><main><h1>${escaped(title)}</h1><p class="sub">${span}</p>
${tiles(result)}
${sections.filter(text => text !== '').join('\n')}
</main></body></html>
`
}

function section(title: string, content: string): string {
  return `<section><h2>${escaped(title)}</h2>${content}</section>`
}

function legend(names: readonly string[]): string {
  if (names.length < 2) return ''
  const entries = names.map((name, i) => `<i style="background:var(--c${i + 1})"></i>${escaped(name)}`)
  return `<p class="legend">${entries.join('')}</p>`
}

function tiles({ statistics, refusalCount }: BacktestResult): string {
  const shown: readonly (readonly [string, string])[] = [
    ['Return', percentText(statistics.returnRatio)],
    ['Return a year', percentText(statistics.returnPerYear)],
    ['Deepest drawdown', percentText(statistics.maxDrawdownRatio)],
    ['Sharpe', statistics.sharpe?.toFixed(2) ?? 'n/a'],
    ['Trades', String(statistics.tradeCount)],
    ['Winners', percentText(statistics.winRatio)],
    ['Refused', String(refusalCount)],
  ]
  const cards = shown.map(([name, value]) => `<div class="tile"><b>${escaped(value)}</b><span>${name}</span></div>`)
  return `<div class="tiles">${cards.join('')}</div>`
}

function rangeOf(runs: readonly ReportRun[]) {
  return {
    from: Math.min(...runs.map(({ result }) => result.statistics.startTime)),
    to: Math.max(...runs.map(({ result }) => result.statistics.endTime)),
  }
}

function equityChart(runs: readonly ReportRun[]): string {
  const lines = runs.map(({ name, result }, i) => ({
    name,
    points: downsample(result.times, result.equity),
    colour: i + 1,
  }))
  return lineChart({ title: 'equity', lines, ...rangeOf(runs), height: 300, format: moneyText })
}

function drawdownChart(runs: readonly ReportRun[]): string {
  const lines = runs.map(({ name, result }, i) => ({
    name,
    points: downsample(
      result.times,
      drawdownCurve(result.equity).map(depth => -depth),
    ),
    colour: runs.length === 1 ? 5 : i + 1,
    isArea: runs.length === 1,
  }))
  return lineChart({ title: 'drawdown', lines, ...rangeOf(runs), height: 150, format: percentText, withZero: true })
}

function tradesChart(result: BacktestResult, prices: NonNullable<ReportOptions['prices']>): string {
  const { bars, symbol, venueId } = prices
  const all = result.trades.filter(trade => trade.symbol === symbol && trade.venueId === venueId)
  const trades = all.slice(-rowsMax)
  const marks = trades.flatMap((trade): ChartMark[] => [
    {
      x: trade.entryTime,
      y: trade.entryPrice,
      shape: trade.units > 0 ? 'up' : 'down',
      kind: 'entry',
      title: `${trade.units > 0 ? 'buys' : 'sells'} ${Math.abs(trade.units)} at ${trade.entryPrice}`,
    },
    {
      x: trade.exitTime,
      y: trade.exitPrice,
      shape: trade.units > 0 ? 'down' : 'up',
      kind: trade.profit > 0 ? 'gain' : 'loss',
      title: `closes at ${trade.exitPrice}: ${percentText(trade.returnRatio)} (${trade.exitReason})`,
    },
  ])
  const points = downsample(bars.openTime, bars.close)
  const shown = all.length > rowsMax ? `the newest ${rowsMax} of ${all.length} trades` : `${all.length} trades`
  const { from, to } = rangeOf([{ name: '', result }])
  const note = `<p class="legend">${shown}: entries in blue, exits with a gain in green, with a loss in orange</p>`
  return (
    note +
    lineChart({
      title: 'price',
      lines: [{ name: symbol, points, colour: 1 }],
      marks,
      from: Math.min(from, bars.openTime[0] ?? from),
      to,
      height: 320,
      format: value => String(Number(value.toPrecision(6))),
    })
  )
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function heatMap(months: readonly MonthReturn[]): string {
  const years = [...new Set(months.map(({ year }) => year))]
  const most = Math.max(1e-9, ...months.map(({ ratio }) => Math.abs(ratio)))
  const rows = years.map(year => {
    const ofYear = months.filter(month => month.year === year)
    const cells = monthNames.map((_, month) => {
      const found = ofYear.find(other => other.month === month)
      if (found === undefined) return '<td></td>'
      const strength = Math.round((Math.abs(found.ratio) / most) * 70)
      const colour = `color-mix(in srgb,var(--${found.ratio < 0 ? 'loss' : 'gain'}) ${strength}%,transparent)`
      return `<td style="background:${colour}">${(found.ratio * 100).toFixed(1)}</td>`
    })
    const whole = ofYear.reduce((product, { ratio }) => product * (1 + ratio), 1) - 1
    return `<tr><td>${year}</td>${cells.join('')}<td><b>${(whole * 100).toFixed(1)}</b></td></tr>`
  })
  const head = ['', ...monthNames, 'Year'].map(name => `<th>${name}</th>`).join('')
  return `<table class="heat"><tr>${head}</tr>${rows.join('')}</table><p class="legend">per cent</p>`
}

function budgetCharts(result: BacktestResult): string {
  const { from, to } = rangeOf([{ name: '', result }])
  const names = [...new Set(result.budgets.map(({ constraint }) => constraint))]
  return names
    .map(name => {
      const points = result.budgetUse
        .filter(point => point.constraint === name)
        .map(({ at, used, limit }) => ({ x: at, y: limit === 0 ? 0 : used / limit }))
      if (points.length === 0) return ''
      const marks = result.refusals
        .filter(({ message }) => message.includes(name))
        .slice(-rowsMax)
        .map((refusal): ChartMark => ({ x: refusal.at, y: 1, shape: 'tick', kind: 'refusal', title: refusal.message }))
      const chart = lineChart({
        title: name,
        lines: [{ name, points, colour: 4, isArea: true, isStepped: true }],
        marks,
        from,
        to,
        height: 130,
        format: percentText,
        withZero: true,
      })
      return `<p class="legend">${escaped(name)}: share of the limit at the end of each day${marks.length === 0 ? '' : ', with what was refused'}</p>${chart}`
    })
    .join('')
}

/** Also of domains that have no account here. */
function bookedChart(result: BacktestResult): string {
  const points = result.booked.map(({ at, result: booked }) => ({ x: at, y: booked }))
  const chart = lineChart({
    title: 'booked',
    lines: [{ name: 'booked', points, colour: 3, isStepped: true }],
    ...rangeOf([{ name: '', result }]),
    height: 160,
    format: moneyText,
    withZero: true,
  })
  return `<p class="legend">results of all strategies of all domains, at the end of each day</p>${chart}`
}

function figuresTable(runs: readonly ReportRun[]): string {
  const columns = runs.map(({ result }) => figuresText(result.statistics))
  const rows = (columns[0] ?? []).map(([title], row) => {
    const cells = columns.map(column => `<td>${escaped(column[row]?.[1] ?? '')}</td>`)
    return `<tr><td>${title}</td>${cells.join('')}</tr>`
  })
  const head = runs.map(({ name }) => `<th>${escaped(name)}</th>`)
  return `<table><tr><th></th>${head.join('')}</tr>${rows.join('')}</table>`
}

function refusalsTable({ refusals }: BacktestResult): string {
  const rows = refusals.slice(0, rowsMax).map(({ at, strategyId, asset = '', code, message }) => {
    const time = new Date(at).toISOString().slice(0, 16).replace('T', ' ')
    const texts = [strategyId, asset, code, message].map(text => `<td class="text">${escaped(text)}</td>`)
    return `<tr><td>${time}</td>${texts.join('')}</tr>`
  })
  return `<table><tr><th>Time</th>${['Strategy', 'Asset', 'Code', 'Why'].map(name => `<th class="text">${name}</th>`).join('')}</tr>${rows.join('')}</table>`
}

function tradesTable(trades: readonly VenueTrade[]): string {
  const rows = trades.slice(0, rowsMax).map(trade => {
    const { symbol, owner, units, entryTime, exitTime, entryPrice, exitPrice, profit, returnRatio, exitReason } = trade
    const times = [entryTime, exitTime].map(time => new Date(time).toISOString().slice(0, 16).replace('T', ' '))
    const numbers = [units, ...times, entryPrice, exitPrice].map(
      value => `<td>${typeof value === 'number' ? Number(value.toPrecision(8)) : value}</td>`,
    )
    const kind = profit > 0 ? 'gain' : 'loss'
    return `<tr><td>${escaped(symbol)}</td><td class="text">${escaped(owner)}</td>${numbers.join('')}<td class="${kind}">${moneyText(profit)}</td><td class="${kind}">${percentText(returnRatio)}</td><td>${exitReason}</td></tr>`
  })
  const names = [
    'Symbol',
    'Strategy',
    'Units',
    'Entry',
    'Exit',
    'Bought or sold at',
    'Closed at',
    'Profit',
    'Return',
    'Why',
  ]
  const more = trades.length > rowsMax ? `<p class="legend">the first ${rowsMax} of ${trades.length}</p>` : ''
  return `<table><tr>${names.map(name => `<th${name === 'Strategy' ? ' class="text"' : ''}>${name}</th>`).join('')}</tr>${rows.join('')}</table>${more}`
}
