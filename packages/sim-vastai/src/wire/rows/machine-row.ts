import type { Machine } from '../../market/machine.ts'
import type { Simulation } from '../simulation.ts'
import { EarningAverages } from './earning-averages.ts'

/** Writes rows of the host's machine table. What never changes is written once per machine. */
export class MachineRows {
  readonly #simulation: Simulation
  readonly #averages = new EarningAverages()
  readonly #heads = new Map<number, string>()

  constructor(simulation: Simulation) {
    this.#simulation = simulation
  }

  text(machine: Machine): string {
    let head = this.#heads.get(machine.id)
    if (head === undefined) {
      head = JSON.stringify(this.#facts(machine)).slice(0, -1)
      this.#heads.set(machine.id, head)
    }
    return `${head},${JSON.stringify(this.#state(machine)).slice(1)}`
  }

  #facts(machine: Machine): object {
    const { hardware } = machine
    const gpu = this.#simulation.model(machine.model)
    return {
      id: machine.id,
      machine_id: machine.id,
      host_id: machine.hostId,
      hostname: hardware.hostname,
      geolocation: machine.geolocation,
      public_ipaddr: hardware.publicIp,
      hosting_type: machine.hostingType,
      datacenter_id: null,
      num_gpus: machine.gpuCount,
      gpu_name: gpu?.displayName ?? machine.model,
      gpu_ram: gpu?.vramMib ?? 0,
      gpu_max_cur_temp: hardware.gpuMaxTempC,
      gpu_lanes: hardware.gpuLanes,
      gpu_mem_bw: gpu?.memoryGbPerS ?? null,
      bw_nvlink: gpu?.nvlinkGbPerS || null,
      pcie_bw: hardware.pcieGbPerS,
      pci_gen: hardware.pciGen,
      total_flops: (gpu?.tflops ?? 0) * machine.gpuCount,
      mobo_name: hardware.motherboard,
      cpu_name: hardware.cpuName,
      cpu_arch: hardware.cpuArch,
      cpu_ram: hardware.cpuRamMb,
      cpu_cores: hardware.cpuCores,
      driver_version: hardware.driverVersion,
      cuda_max_good: hardware.cudaMax,
      kernel_version: null,
      ubuntu_version: hardware.osVersion,
      disk_space: hardware.diskGb,
      max_disk_space: hardware.diskGb,
      disk_name: hardware.diskName,
      disk_bw: hardware.diskMbPerS,
      inet_up: hardware.inetUpMbps,
      inet_down: hardware.inetDownMbps,
      direct_port_count: hardware.directPorts,
      num_reports: 0,
      num_recent_reports: 0,
      vm_error_level: null,
      vm_error_msg: null,
      clients: [],
    }
  }

  #state(machine: Machine): object {
    const { world } = this.#simulation
    const { listing, rentals, defaultJob } = machine
    const { gpuEarnedUsd, storageEarnedUsd } = world.machineTruth(machine.id)
    const earned = this.#averages.update(machine.id, gpuEarnedUsd + storageEarnedUsd, world.nowMs)
    const isHidden = listing === undefined && rentals.resident > 0
    return {
      reliability2: machine.reliability,
      verification: machine.verification,
      error_description: null,
      timeout: machine.offlineSinceMs === undefined ? 0 : (world.nowMs - machine.offlineSinceMs) / 1000,
      machine_maintenance:
        machine.maintenances.length === 0
          ? null
          : machine.maintenances.map(window => ({
              start_time: window.startMs / 1000,
              end_time: (window.startMs + window.durationMs) / 1000,
              maintenance_category: window.category,
            })),
      listed: listing !== undefined,
      start_date: listing === undefined ? null : listing.listedMs / 1000,
      end_date: seconds(listing?.endMs),
      duration: seconds(listing?.durationMs),
      client_end_date: seconds(machine.clientEndMs),
      listed_min_gpu_count: listing?.minChunk ?? null,
      listed_gpu_cost: listing?.gpuUsdPerHour ?? null,
      listed_storage_cost: listing?.diskUsdPerGbMonth ?? null,
      listed_inet_up_cost: listing?.inetUpUsdPerGb ?? null,
      listed_inet_down_cost: listing?.inetDownUsdPerGb ?? null,
      listed_volume_cost: listing?.volumeUsdPerGbMonth ?? null,
      volume_total_size: listing?.volumeGb ?? null,
      volume_rented_size: machine.volumeRentedGb,
      min_bid_price: listing?.minBidUsdPerGpuHour ?? null,
      credit_discount_max: listing?.creditDiscountMax ?? null,
      // The real table shows nothing for machines that are unlisted while renters are still on them.
      gpu_occupancy: isHidden ? '' : `${machine.occupancy.join(' ')} `,
      alloc_disk_space: machine.hardware.diskGb - machine.diskFreeGb,
      avail_disk_space: machine.diskFreeGb,
      bid_gpu_cost: defaultJob?.gpuUsdPerHour ?? null,
      bid_image: defaultJob?.image ?? null,
      bid_image_args: defaultJob?.args ?? null,
      bid_image_args_str: defaultJob?.args.join(' ') ?? null,
      earn_hour: earned.hour,
      earn_day: earned.day,
      current_rentals_running: rentals.running,
      current_rentals_running_on_demand: rentals.runningOnDemand,
      current_rentals_running_reserved: rentals.runningReserved,
      current_rentals_on_demand: rentals.onDemand,
      current_rentals_reserved: rentals.reserved,
      current_rentals_resident: rentals.resident,
    }
  }
}

function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : ms / 1000
}
