import { Atr, BollingerBands, Ema, Highest, Rsi, Sma } from '@org/indicators'
import type { BenchResult } from './bench-result.ts'

const updates = 4_000_000
const rounds = 12

/** Updates of the indicators a second, and of EMA against a bare loop that does the same arithmetic on a local variable, checks nothing and keeps nothing. */
export async function run(): Promise<BenchResult[]> {
  const prices = Float64Array.from({ length: 4096 }, (_, i) => 100 + Math.sin(i / 7) * 5 + ((i * 7919) % 13) / 13)
  const bars = Array.from(prices, price => ({ high: price + 1, low: price - 1, close: price }))
  const priceAt = (i: number) => prices[i & 4095] as number
  const barAt = (i: number) => bars[i & 4095] as (typeof bars)[number]

  const bare = () => {
    let average = 100
    for (let i = 0; i < updates; i++) average += (2 / 15) * (priceAt(i) - average)
    return average
  }
  const emaRates: number[] = []
  const ratios: number[] = []
  for (let round = 0; round < rounds; round++) {
    // Each round compares neighbours in time, so that other work on the machine hits both alike.
    const before = rateOf(bare)
    const ours = rateOf(() => updateAll(new Ema(14), priceAt))
    const around = (before + rateOf(bare)) / 2
    // The first quarter warms up.
    if (round < rounds / 4) continue
    emaRates.push(ours)
    ratios.push(around / ours)
  }
  const others: readonly (readonly [name: string, work: () => unknown])[] = [
    ['SMA(50)', () => updateAll(new Sma(50), priceAt)],
    ['RSI(14)', () => updateAll(new Rsi(14), priceAt)],
    ['highest of 50', () => updateAll(new Highest(50), priceAt)],
    ['Bollinger(20,2)', () => updateAll(new BollingerBands(), priceAt)],
    ['ATR(14)', () => updateAll(new Atr(14), barAt)],
  ]
  return [
    {
      name: 'EMA(14)',
      value: median(emaRates) / 1e6,
      unit: 'million updates/s at least',
      limit: 10,
      note: 'each input checked',
    },
    { name: 'bare loop against EMA(14)', value: median(ratios), unit: 'x', note: 'median of paired rounds' },
    ...others.map(
      ([name, work]): BenchResult => ({
        name,
        value: median([rateOf(work), rateOf(work), rateOf(work)]) / 1e6,
        unit: 'million updates/s',
      }),
    ),
  ]
}

function updateAll<Input>(
  indicator: { update(input: Input): unknown; readonly isReady: boolean },
  inputAt: (i: number) => Input,
): unknown {
  for (let i = 0; i < updates; i++) indicator.update(inputAt(i))
  if (!indicator.isReady) throw new Error('the benchmark updates an indicator that is not ready')
  return indicator
}

/** Updates a second. */
function rateOf(work: () => unknown): number {
  const startMs = performance.now()
  work()
  return (updates * 1000) / (performance.now() - startMs)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
