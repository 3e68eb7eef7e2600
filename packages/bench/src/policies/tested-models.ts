import type { GpuConfig } from '@org/strategy-gpu-optimizer'

/**
 * The models that policies are judged on. Parameters of `expectedIncome` were chosen on A100_PCIE, A100_SXM4, H100_SXM and RTX_6000Ada, other
 * seeds and another month: see docs/gpu-optimizer.md. Upkeep is assumed.
 */
export const testedModels: readonly GpuConfig[] = [
  gpu({ gpuModel: 'RTX_4090', vramGb: 24, cudaCores: 16_384, powerWatts: 450, maintenanceCostPerHour: 0.02 }),
  gpu({ gpuModel: 'RTX_A6000', vramGb: 48, cudaCores: 10_752, powerWatts: 300, maintenanceCostPerHour: 0.03 }),
  gpu({ gpuModel: 'L40S', vramGb: 48, cudaCores: 18_176, powerWatts: 350, maintenanceCostPerHour: 0.05 }),
  gpu({ gpuModel: 'H100_NVL', vramGb: 94, cudaCores: 16_896, powerWatts: 400, maintenanceCostPerHour: 0.2 }),
  gpu({ gpuModel: 'H200', vramGb: 141, cudaCores: 16_896, powerWatts: 700, maintenanceCostPerHour: 0.2 }),
  gpu({ gpuModel: 'B200', vramGb: 180, cudaCores: 18_944, powerWatts: 1000, maintenanceCostPerHour: 0.3 }),
]

function gpu(known: Omit<GpuConfig, 'gpuId' | 'machineId' | 'powerCostPerKwh'>): GpuConfig {
  return { gpuId: 'gpu_001', machineId: 1, powerCostPerKwh: 0.12, ...known }
}
