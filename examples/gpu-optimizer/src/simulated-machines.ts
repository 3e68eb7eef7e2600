import type { GpuConfig } from '@org/strategy-gpu-optimizer'
import { gpuModel } from '@org/venue-vastai'

/** A machine that the simulator sets up for the GPUs that a user described. */
export interface SimulatedMachine {
  readonly machineId: number
  /** Underscore name. */
  readonly model: string
  readonly gpuCount: number
  /** One of its GPUs, for its costs. */
  readonly gpu: GpuConfig
}

/** One machine for each `machineId`, in order of appearance. */
export function simulatedMachines(gpus: readonly GpuConfig[]): readonly SimulatedMachine[] {
  return [...Map.groupBy(gpus, gpu => gpu.machineId)].flatMap(([machineId, members]) => {
    const [gpu] = members
    return gpu === undefined ? [] : [{ machineId, model: gpuModel(gpu.gpuModel).model, gpuCount: members.length, gpu }]
  })
}
