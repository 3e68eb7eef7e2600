import { type GpuConfig, parseGpuConfigs } from '@org/strategy-gpu-optimizer'
import { readJsonFile } from './read-json-file.ts'

const rtx4090 = {
  gpuModel: 'RTX_4090',
  vramGb: 24,
  cudaCores: 16_384,
  powerWatts: 450,
  idleWatts: 30,
  powerCostPerKwh: 0.12,
  maintenanceCostPerHour: 0.02,
}

/** Two machines with one RTX 4090 each. */
export const sandboxGpus: readonly GpuConfig[] = [
  { gpuId: 'gpu_001', machineId: 61_001, ...rtx4090 },
  { gpuId: 'gpu_002', machineId: 61_002, ...rtx4090 },
]

/**
 * The GPUs in a JSON file.
 *
 * @throws {InvalidInputError} when the file cannot be read, is no JSON (half-written), or describes no usable GPU.
 */
export async function readGpus(file: string): Promise<readonly GpuConfig[]> {
  return parseGpuConfigs(await readJsonFile('--gpus', file))
}
