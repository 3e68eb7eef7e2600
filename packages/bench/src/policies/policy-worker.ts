import { parentPort } from 'node:worker_threads'
import { runPricingTrial } from '@org/sim-vastai'
import { comparePolicies, policyByName, pricingPolicyNames } from '@org/strategy-gpu-optimizer'
import type { PolicyOutcome, PolicyTask } from './task.ts'
import { testedModels } from './tested-models.ts'

const startMs = Date.UTC(2026, 6, 1)

parentPort?.on('message', (task: PolicyTask) => {
  const { model, seed, days } = task
  const machines = Array.from({ length: task.machines }, () => 1)
  const gpu = testedModels.find(({ gpuModel }) => gpuModel === model)
  if (gpu === undefined) throw new RangeError(`no costs are known for ${model}`)
  const { policies, bestFixed, fixedPrices } = comparePolicies({
    trial: (price, { minBid }) => runPricingTrial({ seed, days, model, machines, startMs, minBid, price }),
    gpu,
    policies: pricingPolicyNames.map(name => policyByName(name)),
  })
  const fixedIncomes = fixedPrices.map(result => result.incomePerGpuDay)
  parentPort?.postMessage({ task, results: [...policies, bestFixed], fixedIncomes } satisfies PolicyOutcome)
})
