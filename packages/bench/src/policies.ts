import type { BenchResult } from './bench-result.ts'
import { runTasks } from './policies/run-tasks.ts'
import { summarise } from './policies/summarise.ts'
import { testedModels } from './policies/tested-models.ts'

const days = 30
const seeds = Array.from({ length: 20 }, (_, index) => index + 1)

/**
 * Income per GPU-day of every policy over 20 markets of each of six models, against the best fixed price in hindsight of the same market
 * and renters.
 */
export async function run(): Promise<BenchResult[]> {
  const tasks = seeds.flatMap(seed => testedModels.map(({ gpuModel }) => ({ model: gpuModel, seed, days })))
  return summarise(await runTasks(tasks))
}
