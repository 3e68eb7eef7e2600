import type { GpuModel } from '../../market/gpu-model.ts'
import { HOST_SHARE, type Listing } from '../../market/listing.ts'
import type { Machine } from '../../market/machine.ts'
import type { Offer } from '../../market/offer.ts'
import { costBlock } from '../rows/cost-block.ts'
import { versionNumber } from './field.ts'
import { HOURS_PER_MONTH, type RentalType } from './terms.ts'

/**
 * An offer as searches see it. Hot: one row is filtered and written tens of thousands of times, so what does not depend on the
 * search is computed once, and the text is kept in two parts, hardware and money, each rebuilt only when it changed.
 */
export class OfferRow {
  readonly offer: Offer
  readonly machine: Machine
  readonly gpu: GpuModel
  readonly listing: Listing
  /** Renter's USD per GB and month. */
  readonly storageCost: number
  readonly totalFlops: number
  readonly dlperf: number
  #head: string | undefined
  #tail = ''
  #tailType: RentalType | undefined
  #tailStorageGb = -1
  #tailReliability = -1
  #tailVerification = ''

  constructor(offer: Offer, machine: Machine, gpu: GpuModel, listing: Listing) {
    this.offer = offer
    this.machine = machine
    this.gpu = gpu
    this.listing = listing
    this.storageCost = listing.diskUsdPerGbMonth / HOST_SHARE
    this.totalFlops = gpu.tflops * offer.gpuCount
    this.dlperf = gpu.dlperf * offer.gpuCount
  }

  /** Renter's USD per hour for the GPUs of the chunk. */
  dphBase(type: RentalType): number {
    return type === 'bid' ? this.offer.renterMinBidUsdPerHour : this.offer.renterGpuUsdPerHour
  }

  /** USD per hour for `storageGb` of disk. */
  diskHour(storageGb: number): number {
    return (this.storageCost * storageGb) / HOURS_PER_MONTH
  }

  dphTotal(type: RentalType, storageGb: number): number {
    return this.dphBase(type) + this.diskHour(storageGb)
  }

  get reliabilityMult(): number {
    return round6(this.machine.reliability ** 9)
  }

  score(type: RentalType, storageGb: number): number {
    return round6((this.dlperf / this.dphTotal(type, storageGb)) * this.reliabilityMult)
  }

  /** Seconds that a rental may still last; undefined when open. */
  durationS(nowMs: number): number | undefined {
    return this.offer.endMs === undefined ? undefined : Math.max(0, (this.offer.endMs - nowMs) / 1000)
  }

  /** The row's JSON. `bundled`: identical offers that it stands for. */
  text(type: RentalType, storageGb: number, nowMs: number, isRentedByCaller: boolean, bundled: number): string {
    this.#head ??= JSON.stringify(this.#facts()).slice(0, -1)
    const duration = this.durationS(nowMs)
    return `${this.#head},${this.#money(type, storageGb)},"duration":${duration ?? 'null'},"rented":${isRentedByCaller},"bundled_results":${bundled > 1 ? bundled : 'null'}}`
  }

  #money(type: RentalType, storageGb: number): string {
    const { reliability, verification } = this.machine
    if (
      type !== this.#tailType ||
      storageGb !== this.#tailStorageGb ||
      reliability !== this.#tailReliability ||
      verification !== this.#tailVerification
    ) {
      this.#tailType = type
      this.#tailStorageGb = storageGb
      this.#tailReliability = reliability
      this.#tailVerification = verification
      this.#tail = JSON.stringify(this.#moneyFields(type, storageGb)).slice(1, -1)
    }
    return this.#tail
  }

  #moneyFields(type: RentalType, storageGb: number): object {
    const { offer, listing, machine } = this
    const dphBase = this.dphBase(type)
    const diskHour = this.diskHour(storageGb)
    const dphTotal = dphBase + diskHour
    const discountRate = type === 'reserved' ? listing.creditDiscountMax : 0
    const discountHour = dphBase * discountRate
    const perGbUp = listing.inetUpUsdPerGb / HOST_SHARE
    const perGbDown = listing.inetDownUsdPerGb / HOST_SHARE
    return {
      is_bid: type === 'bid',
      dph_base: dphBase,
      dph_total: dphTotal,
      dph_total_adj: dphTotal + perGbUp + perGbDown,
      min_bid: offer.renterMinBidUsdPerHour,
      storage_cost: this.storageCost,
      storage_total_cost: diskHour,
      vram_costperhour: dphBase / ((this.gpu.vramMib * offer.gpuCount) / 1024),
      discount_rate: discountRate,
      discounted_hourly: discountHour,
      discounted_dph_total: dphTotal - discountHour,
      credit_discount_max: listing.creditDiscountMax,
      platform_fee: round6(1 - HOST_SHARE),
      inet_up_cost: perGbUp,
      inet_down_cost: perGbDown,
      internet_up_cost_per_tb: perGbUp * 1024,
      internet_down_cost_per_tb: perGbDown * 1024,
      search: costBlock(dphBase, diskHour, discountHour),
      instance: costBlock(0, diskHour, 0),
      score: this.score(type, storageGb),
      dlperf_per_dphtotal: round6(this.dlperf / dphTotal),
      flops_per_dphtotal: round6(this.totalFlops / dphTotal),
      reliability: machine.reliability,
      reliability2: machine.reliability,
      reliability_mult: this.reliabilityMult,
      expected_reliability: 0,
      verification: machine.verification,
      vericode: machine.verification === 'verified' ? 1 : machine.verification === 'deverified' ? 2 : 0,
    }
  }

  #facts(): object {
    const { offer, machine, gpu, listing } = this
    const { hardware } = machine
    return {
      id: offer.id,
      ask_contract_id: offer.id,
      machine_id: offer.machineId,
      host_id: offer.hostId,
      bundle_id: bundleId(offer),
      cluster_id: null,
      rn: 1,
      gpu_name: gpu.displayName,
      num_gpus: offer.gpuCount,
      gpu_frac: offer.gpuFraction,
      gpu_ids: offer.gpuIndexes.map(index => machine.id * 64 + index),
      gpu_ram: gpu.vramMib,
      gpu_total_ram: gpu.vramMib * offer.gpuCount,
      gpu_arch: gpu.arch,
      gpu_lanes: hardware.gpuLanes,
      gpu_mem_bw: gpu.memoryGbPerS,
      gpu_max_power: hardware.gpuMaxPowerWatts,
      gpu_max_temp: hardware.gpuMaxTempC,
      gpu_display_active: false,
      bw_nvlink: gpu.nvlinkGbPerS,
      compute_cap: gpu.computeCap,
      cuda_max_good: hardware.cudaMax,
      total_flops: this.totalFlops,
      dlperf: this.dlperf,
      driver_version: hardware.driverVersion,
      driver_vers: versionNumber(hardware.driverVersion),
      cpu_name: hardware.cpuName,
      cpu_arch: hardware.cpuArch,
      cpu_cores: hardware.cpuCores,
      cpu_cores_effective: hardware.cpuCores * offer.gpuFraction,
      cpu_ghz: hardware.cpuGhz,
      cpu_ram: Math.round(hardware.cpuRamMb * offer.gpuFraction),
      has_avx: hardware.hasAvx ? 1 : 0,
      mobo_name: hardware.motherboard,
      os_version: hardware.osVersion,
      pci_gen: hardware.pciGen,
      pcie_bw: hardware.pcieGbPerS,
      disk_space: offer.diskGb,
      disk_bw: hardware.diskMbPerS,
      disk_name: hardware.diskName,
      nw_disk_min_bw: null,
      nw_disk_max_bw: null,
      nw_disk_avg_bw: null,
      avail_vol_ask_id: volumeAskId(machine.id),
      avail_vol_dph: listing.volumeUsdPerGbMonth / HOST_SHARE / HOURS_PER_MONTH,
      avail_vol_size: Math.max(0, listing.volumeGb - machine.volumeRentedGb),
      inet_up: hardware.inetUpMbps,
      inet_down: hardware.inetDownMbps,
      direct_port_count: hardware.directPorts,
      static_ip: hardware.hasStaticIp,
      public_ipaddr: hardware.publicIp,
      geolocation: machine.geolocation,
      geolocode: geolocode(machine.geolocation),
      hostname: null,
      webpage: null,
      logo: '/static/logos/vastai_small2.png',
      external: null,
      hosting_type: machine.hostingType,
      vms_enabled: false,
      is_vm_deverified: false,
      resource_type: 'gpu',
      rentable: offer.isRentable,
      start_date: listing.listedMs / 1000,
      end_date: offer.endMs === undefined ? null : offer.endMs / 1000,
      time_remaining: '',
      time_remaining_isbid: '',
    }
  }
}

/** The ask under which a machine's free disk is offered as a volume. */
export function volumeAskId(machineId: number): number {
  return machineId * 64 + 63
}

function bundleId(offer: Offer): number {
  return offer.machineId * 64 + offer.gpuCount
}

function geolocode(place: string): number {
  let hash = 0
  for (let i = 0; i < place.length; i++) hash = (Math.imul(hash, 31) + place.charCodeAt(i)) >>> 0
  return hash % 1_000_000_000
}

function round6(value: number): number {
  return Math.round(value * 1_000_000) / 1_000_000
}
