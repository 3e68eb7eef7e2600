import { InvalidInputError } from '@org/core'
import { idleCostPerHour, runningCostPerHour } from '../cost/operating-cost.ts'
import type { GpuConfig } from './gpu-config.ts'

/** What the host said about one machine: the GPUs in it share one listing. */
export interface MachinePlan {
  readonly machineId: number
  readonly gpuIds: readonly string[]
  readonly gpuModel: string
  /** USD per GPU-hour while rented, mean over the machine's GPUs. */
  readonly runningCostPerGpuHour: number
  /** USD per GPU-hour while not rented, mean over the machine's GPUs. */
  readonly idleCostPerGpuHour: number
}

/**
 * Groups GPUs by the machine they sit in, in order of appearance.
 *
 * @throws {InvalidInputError} `INVALID_CONFIG` when a machine would hold two models: Vast.ai machines hold one.
 */
export function machinePlans(gpus: readonly GpuConfig[]): readonly MachinePlan[] {
  const byMachine = Map.groupBy(gpus, gpu => gpu.machineId)
  return [...byMachine].map(([machineId, members]) => {
    const models = new Map(members.map(gpu => [comparableName(gpu.gpuModel), gpu.gpuModel]))
    const [gpuModel, other] = [...models.values()]
    if (gpuModel === undefined || other !== undefined)
      throw new InvalidInputError({
        code: 'INVALID_CONFIG',
        message: `machine ${machineId} is said to hold ${gpuModel} and ${other}: correct machineId or gpuModel, a machine holds one model`,
      })
    return {
      machineId,
      gpuIds: members.map(gpu => gpu.gpuId),
      gpuModel,
      runningCostPerGpuHour: mean(members.map(runningCostPerHour)),
      idleCostPerGpuHour: mean(members.map(idleCostPerHour)),
    }
  })
}

/** `RTX_4090`, `RTX 4090` and `rtx4090` are one name. */
export function comparableName(gpuModel: string): string {
  return gpuModel.toLowerCase().replaceAll(/[\s_-]/g, '')
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
