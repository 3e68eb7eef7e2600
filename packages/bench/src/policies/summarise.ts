import { pricingPolicyNames } from '@org/strategy-gpu-optimizer'
import type { BenchResult } from '../bench-result.ts'
import { type MeanInterval, meanInterval } from './mean-interval.ts'
import type { PolicyOutcome } from './task.ts'

const [usual] = pricingPolicyNames

/** What the markets come to: policies over all models, then model by model. Intervals are 95 %, over seeds. */
export function summarise(outcomes: readonly PolicyOutcome[]): BenchResult[] {
  const models = [...new Set(outcomes.map(({ task }) => task.model))]
  const seeds = [...new Set(outcomes.map(({ task }) => task.seed))]
  const ofModel = (model: string) => outcomes.filter(({ task }) => task.model === model)
  const ratio = (outcome: PolicyOutcome, name: string) => figure(outcome, name).ratioToBestFixed
  const overall = (name: string) =>
    meanInterval(
      seeds.map(seed => {
        const same = outcomes.filter(({ task }) => task.seed === seed)
        return mean(same.map(outcome => ratio(outcome, name)))
      }),
    )
  const highest = Math.max(...models.map(model => mean(ofModel(model).map(outcome => ratio(outcome, usual ?? '')))))
  return [
    ...pricingPolicyNames.map(
      (name): BenchResult => ({
        name: `${name} against best fixed, all models`,
        ...valued(overall(name)),
        unit: 'x at least',
        ...(name === usual ? { limit: 0.97 } : {}),
      }),
    ),
    {
      name: `${usual} against best fixed, its best model`,
      value: highest,
      unit: 'x',
      limit: 1.03,
      note: 'more than a few percent above the best fixed price would be a reason to mistrust the simulator',
    },
    ...models.flatMap(model => resultsOfModel(model, ofModel(model))),
  ]
}

/** The default policy for a host of many machines: the more there are, the less of the reference is luck. */
export function summariseLargeHost(outcomes: readonly PolicyOutcome[]): BenchResult[] {
  const [first] = outcomes
  if (first === undefined) return []
  const { model, machines } = first.task
  const ratios = outcomes.map(outcome => figure(outcome, usual ?? '').ratioToBestFixed)
  return [
    {
      name: `${model}, ${machines} machines: ${usual} against best fixed`,
      ...valued(meanInterval(ratios)),
      unit: 'x at least',
      limit: 0.97,
    },
  ]
}

function resultsOfModel(model: string, outcomes: readonly PolicyOutcome[]): BenchResult[] {
  const names = [...pricingPolicyNames, 'best-fixed']
  const column = (name: string, key: 'incomePerGpuDay' | 'ratioToBestFixed' | 'priceChangesPerDay' | 'idleShare') =>
    outcomes.map(outcome => figure(outcome, name)[key])
  const guide = column('guide-rule', 'incomePerGpuDay')
  const gains = column(usual ?? '', 'incomePerGpuDay').map((income, index) => income - (guide[index] ?? 0))
  const sameIncomes = bestSameFixedPrice(outcomes)
  const gain = meanInterval(gains.map(difference => difference / mean(guide)))
  return [
    {
      name: `${model}: ${usual} against guide-rule`,
      ...valued({ mean: 1 + gain.mean, low: 1 + gain.low, high: 1 + gain.high }),
      unit: 'x at least',
      limit: 1,
    },
    {
      name: `${model}: ${usual} against the one relative fixed price that was best over all its markets`,
      value: round(mean(column(usual ?? '', 'incomePerGpuDay')) / mean(sameIncomes)),
      unit: 'x',
      details: { incomePerGpuDayUsd: round(mean(sameIncomes)) },
    },
    ...names.map(
      (name): BenchResult => ({
        name: `${model}: ${name} against best fixed`,
        ...valued(meanInterval(column(name, 'ratioToBestFixed')), {
          incomePerGpuDayUsd: mean(column(name, 'incomePerGpuDay')),
          priceChangesPerDay: mean(column(name, 'priceChangesPerDay')),
          idleShare: mean(column(name, 'idleShare')),
        }),
        unit: 'x at least',
      }),
    ),
  ]
}

/** What the fixed price (relative to the opening median) with the highest mean income earned in each market. */
function bestSameFixedPrice(outcomes: readonly PolicyOutcome[]): readonly number[] {
  const prices =
    outcomes[0]?.fixedIncomes.map((_, index) => outcomes.map(outcome => outcome.fixedIncomes[index] ?? 0)) ?? []
  return prices.reduce((best, incomes) => (mean(incomes) > mean(best) ? incomes : best))
}

function figure({ results, task }: PolicyOutcome, name: string) {
  const result = results.find(candidate => candidate.name === name)
  if (result === undefined) throw new Error(`${name} was not tried on ${task.model}`)
  return result
}

function valued(interval: MeanInterval, beside: Readonly<Record<string, number>> = {}) {
  const details = { low: round(interval.low), high: round(interval.high) }
  const more = Object.fromEntries(Object.entries(beside).map(([name, value]) => [name, round(value)]))
  return { value: round(interval.mean), details: { ...details, ...more } }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
