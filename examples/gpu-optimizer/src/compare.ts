import { runPricingTrial } from '@org/sim-vastai'
import { comparePolicies, type PolicyResult, policyByName } from '@org/strategy-gpu-optimizer'
import { policyNames } from './options.ts'
import { simulationStartMs } from './sandbox.ts'
import type { SimulatedMachine } from './simulated-machines.ts'

export interface ModelComparison {
  readonly model: string
  readonly gpus: number
  readonly results: readonly PolicyResult[]
  /** The best fixed price in hindsight. */
  readonly bestFixed: PolicyResult
}

export interface CompareOptions {
  readonly machines: readonly SimulatedMachine[]
  readonly days: number
  readonly seed: number
}

/** The same market and the same renters under every policy, one comparison for each model. */
export function compareOnSameRenters(options: CompareOptions): readonly ModelComparison[] {
  const { machines, days, seed } = options
  return [...Map.groupBy(machines, machine => machine.model)].flatMap(([model, members]) => {
    const [first] = members
    if (first === undefined) return []
    const counts = members.map(machine => machine.gpuCount)
    const { policies, bestFixed } = comparePolicies({
      trial: (price, { minBid }) =>
        runPricingTrial({ seed, days, model, machines: counts, startMs: simulationStartMs, minBid, price }),
      gpu: first.gpu,
      policies: policyNames.map(policyByName),
    })
    return [{ model, gpus: counts.reduce((sum, count) => sum + count, 0), results: policies, bestFixed }]
  })
}
