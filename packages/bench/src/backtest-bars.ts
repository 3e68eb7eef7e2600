import { type BarColumns, replayBars, runBacktest } from '@org/backtest'
import { dailyLoss, exposure } from '@org/core'
import { backtestingPyRate } from './bars/backtesting-py.ts'
import { EmaCross } from './bars/ema-cross.ts'
import { emaRule } from './bars/ema-rule.ts'
import { randomWalk } from './bars/random-walk.ts'
import type { BenchResult } from './bench-result.ts'

const bars = 1_000_000
const minuteMs = 60_000
const rounds = 4
const symbol = 'LEMON/USD'
const [fast, slow] = [20, 100]

/** EMA cross over a million one-minute bars: a rule straight on the broker, a strategy without gate and journal, and the same strategy with both. */
export async function run(): Promise<BenchResult[]> {
  const columns = randomWalk(bars, minuteMs)
  const rule = await fastest(() => replay(columns))
  const bare = await fastest(() => strategyRun(columns, false))
  const gated = await fastest(() => strategyRun(columns, true))
  const rate = (ms: number) => bars / ms / 1000
  const peer = backtestingPyRate(columns.first(bars / 10))
  return [
    {
      name: 'rule on the broker',
      value: rate(rule.ms),
      unit: 'million bars/s',
      note: `${rule.value.trades.length} trades`,
    },
    {
      name: 'strategy, gate and journal off',
      value: rate(bare.ms),
      unit: 'million bars/s at least',
      limit: 1,
      note: `${bare.value.trades.length} trades`,
    },
    {
      name: 'strategy through gate and journal',
      value: rate(gated.ms),
      unit: 'million bars/s at least',
      limit: 0.3,
      note: `${gated.value.trades.length} trades`,
    },
    ...(peer === undefined ? [] : against(peer, rate(rule.ms) * 1e6, rate(bare.ms) * 1e6)),
  ]
}

function against(peer: number, rule: number, strategy: number): BenchResult[] {
  const note = `backtesting.py: ${Math.round(peer / 1000)} thousand bars/s`
  return [
    { name: 'rule against backtesting.py', value: rule / peer, unit: 'x at least', limit: 10, note },
    { name: 'strategy, gate and journal off, against backtesting.py', value: strategy / peer, unit: 'x' },
  ]
}

function replay(columns: BarColumns) {
  return replayBars({
    symbol,
    bars: columns,
    rule: emaRule(symbol, fast, slow),
    broker: { cash: 1_000_000, commission: 0.0005 },
  })
}

function strategyRun(columns: BarColumns, gate: boolean) {
  return runBacktest({
    strategies: [new EmaCross({ venueId: 'market', symbol, timeframe: '1m', fast, slow, quantity: '1' })],
    venues: [
      {
        id: 'market',
        feeds: [{ symbol, timeframe: '1m', bars: columns }],
        broker: { cash: 1_000_000, commission: 0.0005 },
      },
    ],
    constraints: [dailyLoss({ limit: 10_000 }), exposure({ limit: 100_000 })],
    gate,
  })
}

/**
 * The fastest of some rounds, in time of the processor, threads of the garbage collector included: other work on the machine slows rounds down and
 * never makes one faster.
 */
async function fastest<T>(work: () => T | Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  let best: { readonly ms: number; readonly value: T } | undefined
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage()
    const value = await work()
    const { user, system } = process.cpuUsage(before)
    const ms = (user + system) / 1000
    if (best === undefined || ms < best.ms) best = { ms, value }
  }
  return best as { readonly ms: number; readonly value: T }
}
