import { search } from '@org/backtest'
import type { BenchResult } from './bench-result.ts'

/** A grid of 1,000 points over ten years of daily bars on two threads, every trial with all its figures. */
export async function run(): Promise<BenchResult[]> {
  const startMs = performance.now()
  const { outcomes, failed } = await search({
    trial: new URL('./bars/ema-trial.ts', import.meta.url),
    space: { fast: { from: 2, to: 41, step: 1 }, slow: { from: 50, to: 98, step: 2 } },
    threads: 2,
  })
  const seconds = (performance.now() - startMs) / 1000
  if (outcomes.length !== 1_000 || failed > 0)
    throw new Error(`expected 1,000 trials, ${failed} of ${outcomes.length} failed`)
  return [{ name: '1,000 points over 2,520 bars', value: seconds, unit: 's', limit: 5, note: 'two threads' }]
}
