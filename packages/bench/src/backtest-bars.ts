import { BarColumns, type BarRule, replayBars, runBacktest } from '@org/backtest'
import { dailyLoss, exposure, seededRandom } from '@org/core'
import { Ema } from '@org/indicators'
import { EmaCross } from './bars/ema-cross.ts'
import type { BenchResult } from './bench-result.ts'

const bars = 1_000_000
const minuteMs = 60_000
const symbol = 'LEMON/USD'
const [fast, slow] = [20, 100]

/** EMA cross over a million one-minute bars: a rule straight on the broker, a strategy without gate and journal, and the same strategy with both. */
export async function run(): Promise<BenchResult[]> {
  const columns = minutes(bars)
  replay(columns.first(bars / 10))
  const rule = await timed(() => replay(columns))
  await strategyRun(columns.first(bars / 10), false)
  const bare = await timed(() => strategyRun(columns, false))
  await strategyRun(columns.first(bars / 10), true)
  const gated = await timed(() => strategyRun(columns, true))
  const rate = (ms: number) => bars / ms / 1000
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
  ]
}

function replay(columns: BarColumns) {
  return replayBars({ symbol, bars: columns, rule: emaRule(), broker: { cash: 1_000_000, commission: 0.0005 } })
}

function emaRule(): BarRule {
  const [quick, steady] = [new Ema(fast), new Ema(slow)]
  let before = 0
  return {
    warmUp: -1,
    step(i, known, broker) {
      const close = known.close(i)
      const [a, b] = [quick.update(close), steady.update(close)]
      if (a === undefined || b === undefined) return
      const now = a - b
      if (before < 0 && now > 0) broker.place({ symbol, units: 1 })
      if (before > 0 && now < 0) broker.closePosition(symbol)
      before = now
    },
  }
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

/** A random walk with prices of two digits after the point. */
function minutes(count: number): BarColumns {
  const random = seededRandom(7)
  const columns = new BarColumns(count)
  const cents = (value: number) => Math.max(1, Math.round(value * 100)) / 100
  let price = 100
  for (let i = 0; i < count; i++) {
    const open = price
    const close = cents(open * (1 + (random.next() - 0.5) * 0.002))
    const high = cents(Math.max(open, close) * (1 + random.next() * 0.0005))
    const low = cents(Math.min(open, close) * (1 - random.next() * 0.0005))
    columns.set(i, {
      openTime: i * minuteMs,
      open,
      high: Math.max(high, open, close),
      low: Math.min(low, open, close),
      close,
      volume: 1,
    })
    price = close
  }
  return columns
}

/** In time of the processor, threads of the garbage collector included: other work on the machine does not count. */
async function timed<T>(work: () => T | Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const before = process.cpuUsage()
  const value = await work()
  const { user, system } = process.cpuUsage(before)
  return { ms: (user + system) / 1000, value }
}
