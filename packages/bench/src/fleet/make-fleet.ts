import type { GpuConfig } from '@org/strategy-gpu-optimizer'
import { hostPrice, type MachineView } from '@org/venue-vastai/actions'

/** Machines of ten models with 1, 2, 4 and 8 GPUs: 40 kinds, as many GPUs of each; two thirds of the machines are rented. */
export function makeFleet(options: { readonly gpus: number; readonly nowMs: number }): {
  readonly machines: readonly MachineView[]
  readonly gpus: readonly GpuConfig[]
} {
  const perKind = options.gpus / 40
  const machines: MachineView[] = []
  for (let model = 0; model < 10; model++)
    for (const numGpus of [1, 2, 4, 8])
      for (let gpu = 0; gpu < perKind; gpu += numGpus)
        machines.push(
          machineView({
            machineId: machines.length + 1,
            model: `MODEL_${model}`,
            // The last machine of a kind takes what is left.
            numGpus: Math.min(numGpus, perKind - gpu),
            nowMs: options.nowMs,
          }),
        )
  return { machines, gpus: machines.flatMap(gpuConfigs) }
}

function machineView(wanted: {
  readonly machineId: number
  readonly model: string
  readonly numGpus: number
  readonly nowMs: number
}): MachineView {
  const { machineId, model, numGpus, nowMs } = wanted
  const rented = machineId % 3 === 0 ? 0 : numGpus
  return {
    machineId,
    model,
    numGpus,
    listed: true,
    listing: {
      pricePerGpuHour: hostPrice(0.28 + (machineId % 7) / 100),
      minBidPerGpuHour: hostPrice(0.2),
      minChunkGpus: 1,
      diskPerGbMonth: 0.1,
      uploadPerGb: 0,
      downloadPerGb: 0,
      discountMax: 0.4,
      endDateMs: null,
      durationMs: null,
      volumeGb: null,
      volumePerGbMonth: null,
    },
    occupancy: { onDemand: rented, reserved: 0, interruptible: 0, free: numGpus - rented },
    rentals: { running: rented, runningOnDemand: rented, runningReserved: 0, resident: rented },
    ownUseGpus: 0,
    clientEndDateMs: undefined,
    health: { ok: true, problems: [] },
    verification: 'verified',
    reliability: 0.99,
    earnedPerHourHint: undefined,
    earnedPerDayHint: undefined,
    asOf: nowMs,
  }
}

function gpuConfigs({ machineId, model, numGpus }: MachineView): readonly GpuConfig[] {
  return Array.from({ length: numGpus }, (_, index) => ({
    gpuId: `gpu-${machineId}-${index}`,
    machineId,
    gpuModel: model,
    vramGb: 24,
    cudaCores: 16_384,
    powerWatts: 450,
    idleWatts: 30,
    powerCostPerKwh: 0.12,
    maintenanceCostPerHour: 0.02,
  }))
}
