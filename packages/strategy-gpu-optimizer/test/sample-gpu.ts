import type { GpuConfig } from '../src/config/gpu-config.ts'

/** The GPU of the marketplace guide: 450 W × $0.12/kWh + $0.02 = $0.074 an hour while rented, 30 W: $0.0236 while idle. */
export const guideGpu: GpuConfig = {
  gpuId: 'gpu_001',
  machineId: 61_001,
  gpuModel: 'RTX_4090',
  vramGb: 24,
  cudaCores: 16_384,
  powerWatts: 450,
  idleWatts: 30,
  powerCostPerKwh: 0.12,
  maintenanceCostPerHour: 0.02,
}

/** All GPUs of one machine. */
export function gpusOf(machineId: number, count = 1): readonly GpuConfig[] {
  return Array.from({ length: count }, (_, index) => ({ ...guideGpu, gpuId: `gpu_${machineId}_${index}`, machineId }))
}
