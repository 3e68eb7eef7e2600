import { runPricingTrial } from '../trial.ts'
import { mean } from './measure.ts'

const FACTORS = [0.7, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2, 1.3, 1.5]
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8]

interface FixedPrice {
  /** Relative to the median ask of comparable machines at the start. */
  readonly factor: number
  readonly occupancy: number
  /** Earned per GPU-hour, rented or not, relative to that median. */
  readonly earned: number
}

/** What a host with a 1-GPU and a 2-GPU machine of median quality would have made of prices that stand for 30 days. */
function tryFixedPrices(model: string): FixedPrice[] {
  return FACTORS.map(factor => {
    const runs = SEEDS.map(seed => {
      let median: number | undefined
      const { earnedUsd, gpuHours, occupancy } = runPricingTrial({
        seed,
        days: 30,
        model,
        machines: [1, 2],
        reviewEveryMs: 3_600_000,
        price: ({ market }) => {
          median ??= market?.ask.median ?? Number.NaN
          return factor * median
        },
      })
      return { occupancy, earned: earnedUsd / gpuHours / (median ?? Number.NaN) }
    })
    return { factor, occupancy: mean(runs.map(run => run.occupancy)), earned: mean(runs.map(run => run.earned)) }
  })
}

/** Markdown: the best of them by model, beside the price at the median. */
export function formatFixedPrices(models: readonly string[]): string {
  return [
    '| model | best fixed / median | occupancy there | occupancy at the median | earned at the median / at the best |',
    '| --- | --- | --- | --- | --- |',
    ...models.map(model => {
      const prices = tryFixedPrices(model)
      const best = prices.reduce((a, b) => (b.earned > a.earned ? b : a))
      const median = prices.find(price => price.factor === 1) ?? best
      const cells = [best.factor, best.occupancy, median.occupancy, median.earned / best.earned]
      return `| ${[model, ...cells.map(cell => cell.toFixed(2))].join(' | ')} |`
    }),
  ].join('\n')
}
