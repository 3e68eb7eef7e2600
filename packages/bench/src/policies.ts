import type { BenchResult } from './bench-result.ts'
import { runTasks } from './policies/run-tasks.ts'
import { summarise, summariseLargeHost } from './policies/summarise.ts'
import { testedModels } from './policies/tested-models.ts'

const days = 30
const seedsUpTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

/**
 * Income per GPU-day of every policy over 20 markets of each of six models, for a host with two machines as in the sandbox, against the best
 * fixed price in hindsight of the same market and renters; and for a host with eight machines in the largest market.
 */
export async function run(): Promise<BenchResult[]> {
  const tasks = seedsUpTo(20).flatMap(seed =>
    testedModels.map(({ gpuModel }) => ({ model: gpuModel, seed, days, machines: 2 })),
  )
  const large = seedsUpTo(12).map(seed => ({ model: 'RTX_4090', seed, days, machines: 8 }))
  const outcomes = await runTasks([...tasks, ...large])
  return [...summarise(outcomes.slice(0, tasks.length)), ...summariseLargeHost(outcomes.slice(tasks.length))]
}
