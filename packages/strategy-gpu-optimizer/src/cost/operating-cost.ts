import type { GpuConfig } from '../config/gpu-config.ts'

/** Where `idleWatts` is not given: part of `powerWatts` that a GPU draws while nobody uses it. */
const idlePart = 0.1

/**
 * USD per hour that a GPU costs while rented.
 *
 * @example
 * runningCostPerHour({ …, powerWatts: 450, powerCostPerKwh: 0.12, maintenanceCostPerHour: 0.02 }) // 0.074
 *
 * Source: the GPU marketplace guide, "Decision Logic".
 */
export function runningCostPerHour(gpu: GpuConfig): number {
  return (gpu.powerWatts / 1000) * gpu.powerCostPerKwh + gpu.maintenanceCostPerHour
}

/** USD per hour that a GPU costs while not rented. */
export function idleCostPerHour(gpu: GpuConfig): number {
  const watts = gpu.idleWatts ?? idlePart * gpu.powerWatts
  return (watts / 1000) * gpu.powerCostPerKwh + gpu.maintenanceCostPerHour
}
