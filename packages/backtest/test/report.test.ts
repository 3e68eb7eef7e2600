import { type BacktestResult, BarColumns, reportHtml, runBacktest, summaryText, tradesCsv } from '@org/backtest'
import { dailyLoss, exposure } from '@org/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { EmaCross } from './ema-cross.ts'
import { randomWalk } from './random-walk.ts'

const symbol = 'LEMON/USD'
const hourMs = 3_600_000

async function run(fast: number, bars: BarColumns): Promise<BacktestResult> {
  const options = { venueId: 'market', symbol, timeframe: '1h', fast, slow: 50, quantity: '20', scanIntervalMs: hourMs }
  return runBacktest({
    strategies: [new EmaCross(options)],
    venues: [
      { id: 'market', feeds: [{ symbol, timeframe: '1h', bars }], broker: { cash: 10_000, commission: 0.0005 } },
    ],
    constraints: [dailyLoss({ limit: 2_100 }), exposure({ limit: 2_200 })],
  })
}

let bars: BarColumns
let first: BacktestResult
let second: BacktestResult

beforeAll(async () => {
  bars = randomWalk({ seed: 11, bars: 24 * 500, stepMs: hourMs, volatility: 0.004 })
  first = await run(10, bars)
  second = await run(20, bars)
})

const report = () =>
  reportHtml({
    title: 'EMA cross of <LEMON>',
    runs: [
      { name: '10/50', result: first },
      { name: '20/50', result: second },
    ],
    prices: { venueId: 'market', symbol, bars },
  })

describe('the report', () => {
  it('is one file that asks nobody for anything', () => {
    const html = report()
    expect(html).not.toMatch(/https?:|<script|<link|@import|url\(/)
    expect(html).toContain('prefers-color-scheme:dark')
    expect(html.length).toBeLessThan(1_000_000)
  })

  it('shows equity, drawdown, trades on price, months, distribution, budgets, refusals and figures', () => {
    const titles = [...report().matchAll(/<h2>([^<]*)<\/h2>/g)].map(match => match[1])
    expect(titles).toEqual([
      'Equity',
      'Drawdown',
      'Trades on LEMON/USD',
      'Months',
      'Returns of the trades',
      'Use of the budgets',
      'Booked on the shared budget',
      'Figures',
      `Refused: ${first.refusalCount}`,
      `Trades: ${first.trades.length}`,
    ])
    expect(first.refusalCount).toBeGreaterThan(0)
  })

  it('takes no text for markup, and no missing figure for a number', () => {
    const html = report()
    expect(html).toContain('EMA cross of &#60;LEMON&#62;')
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })

  it('is the same for the same result', () => {
    expect(report()).toBe(report())
  })

  it('is there for a run without a trade', async () => {
    const still = BarColumns.of(
      Array.from({ length: 3 }, (_, i) => ({ ...bars.at(i), open: 1, high: 1, low: 1, close: 1 })),
    )
    const html = reportHtml({ title: 'nothing', runs: [{ name: 'still', result: await run(10, still) }] })
    expect(html).toContain('n/a')
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('a summary', () => {
  it('is readable in a terminal, a figure a line', () => {
    const text = summaryText(first)
    expect(text).toMatch(/^Begin {2,}2025-01-01 01:00$/m)
    expect(text).toMatch(/^Return {2,}-?\d+\.\d\d %$/m)
    expect(text).toMatch(new RegExp(`^${first.refusalCount} refused, the first: `, 'm'))
  })
})

describe('trades as CSV', () => {
  it('have a header and a row each', () => {
    const lines = tradesCsv(first.trades).trimEnd().split('\n')
    expect(lines[0]).toContain('venueId,symbol,owner,units,entryTime')
    expect(lines).toHaveLength(first.trades.length + 1)
    expect(lines[1]).toMatch(/^market,LEMON\/USD,ema-cross,20,2025-/)
  })
})
