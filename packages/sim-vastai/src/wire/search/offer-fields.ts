import { HOST_SHARE } from '../../market/listing.ts'
import type { Fields } from './field.ts'
import { defineFields } from './field.ts'
import type { OfferRow } from './offer-row.ts'
import { volumeAskId } from './offer-row.ts'
import type { RentalType } from './terms.ts'

/** A row in one search: some fields depend on who asks, when, and how they mean to rent. */
export interface SearchedRow {
  readonly row: OfferRow
  readonly isRentedByCaller: boolean
  bundled: number
}

/** What a search fixes. */
export interface SearchTerms {
  type: RentalType
  storageGb: number
  nowMs: number
}

/** Columns of offers. `terms` is read at comparison time, so one map serves all searches. */
export function offerFields(terms: SearchTerms): Fields<SearchedRow> {
  const dphTotal = ({ row }: SearchedRow) => row.dphTotal(terms.type, terms.storageGb)
  const reliability = ({ row }: SearchedRow) => row.machine.reliability
  return defineFields<SearchedRow>({
    id: ['number', ({ row }) => row.offer.id],
    ask_contract_id: ['number', ({ row }) => row.offer.id],
    machine_id: ['number', ({ row }) => row.offer.machineId],
    host_id: ['number', ({ row }) => row.offer.hostId],
    cluster_id: ['number', () => null],
    gpu_name: ['gpu-name', ({ row }) => row.gpu.displayName],
    num_gpus: ['number', ({ row }) => row.offer.gpuCount],
    gpu_frac: ['number', ({ row }) => row.offer.gpuFraction],
    gpu_ram: ['number', ({ row }) => row.gpu.vramMib],
    gpu_total_ram: ['number', ({ row }) => row.gpu.vramMib * row.offer.gpuCount],
    gpu_arch: ['text', ({ row }) => row.gpu.arch],
    gpu_lanes: ['number', ({ row }) => row.machine.hardware.gpuLanes],
    gpu_mem_bw: ['number', ({ row }) => row.gpu.memoryGbPerS],
    gpu_max_power: ['number', ({ row }) => row.machine.hardware.gpuMaxPowerWatts],
    gpu_max_temp: ['number', ({ row }) => row.machine.hardware.gpuMaxTempC],
    gpu_display_active: ['flag', () => false],
    bw_nvlink: ['number', ({ row }) => row.gpu.nvlinkGbPerS],
    compute_cap: ['number', ({ row }) => row.gpu.computeCap],
    cuda_max_good: ['number', ({ row }) => row.machine.hardware.cudaMax],
    total_flops: ['number', ({ row }) => row.totalFlops],
    dlperf: ['number', ({ row }) => row.dlperf],
    driver_version: ['version', ({ row }) => row.machine.hardware.driverVersion],
    driver_vers: ['version', ({ row }) => row.machine.hardware.driverVersion],
    cpu_name: ['text', ({ row }) => row.machine.hardware.cpuName],
    cpu_arch: ['text', ({ row }) => row.machine.hardware.cpuArch],
    cpu_cores: ['number', ({ row }) => row.machine.hardware.cpuCores],
    cpu_cores_effective: ['number', ({ row }) => row.machine.hardware.cpuCores * row.offer.gpuFraction],
    cpu_ghz: ['number', ({ row }) => row.machine.hardware.cpuGhz],
    cpu_ram: ['number', ({ row }) => Math.round(row.machine.hardware.cpuRamMb * row.offer.gpuFraction)],
    has_avx: ['number', ({ row }) => (row.machine.hardware.hasAvx ? 1 : 0)],
    mobo_name: ['text', ({ row }) => row.machine.hardware.motherboard],
    os_version: ['text', ({ row }) => row.machine.hardware.osVersion],
    ubuntu_version: ['text', ({ row }) => row.machine.hardware.osVersion],
    pci_gen: ['number', ({ row }) => row.machine.hardware.pciGen],
    pcie_bw: ['number', ({ row }) => row.machine.hardware.pcieGbPerS],
    disk_space: ['number', ({ row }) => row.offer.diskGb],
    disk_bw: ['number', ({ row }) => row.machine.hardware.diskMbPerS],
    disk_name: ['text', ({ row }) => row.machine.hardware.diskName],
    nw_disk_min_bw: ['number', () => null],
    nw_disk_avg_bw: ['number', () => null],
    nw_disk_max_bw: ['number', () => null],
    avail_vol_ask_id: ['number', ({ row }) => volumeAskId(row.machine.id)],
    inet_up: ['number', ({ row }) => row.machine.hardware.inetUpMbps],
    inet_down: ['number', ({ row }) => row.machine.hardware.inetDownMbps],
    inet_up_cost: ['number', ({ row }) => row.listing.inetUpUsdPerGb / HOST_SHARE],
    inet_down_cost: ['number', ({ row }) => row.listing.inetDownUsdPerGb / HOST_SHARE],
    direct_port_count: ['number', ({ row }) => row.machine.hardware.directPorts],
    static_ip: ['flag', ({ row }) => row.machine.hardware.hasStaticIp],
    public_ipaddr: ['text', ({ row }) => row.machine.hardware.publicIp],
    geolocation: ['place', ({ row }) => row.machine.geolocation],
    reliability: ['number', reliability],
    reliability2: ['number', reliability],
    verification: ['text', ({ row }) => row.machine.verification],
    verified: ['flag', ({ row }) => row.machine.verification === 'verified'],
    hosting_type: ['number', ({ row }) => row.machine.hostingType],
    datacenter: ['flag', ({ row }) => row.machine.hostingType > 0],
    external: ['flag', () => null],
    vms_enabled: ['flag', () => false],
    resource_type: ['text', () => 'gpu'],
    rentable: ['flag', ({ row }) => row.offer.isRentable],
    rented: ['flag', ({ isRentedByCaller }) => isRentedByCaller],
    is_bid: ['flag', () => terms.type === 'bid'],
    dph_base: ['number', ({ row }) => row.dphBase(terms.type)],
    dph_total: ['number', dphTotal],
    min_bid: ['number', ({ row }) => row.offer.renterMinBidUsdPerHour],
    storage_cost: ['number', ({ row }) => row.storageCost],
    credit_discount_max: ['number', ({ row }) => row.listing.creditDiscountMax],
    score: ['number', ({ row }) => row.score(terms.type, terms.storageGb)],
    dlperf_per_dphtotal: ['number', found => found.row.dlperf / dphTotal(found)],
    flops_per_dphtotal: ['number', found => found.row.totalFlops / dphTotal(found)],
    start_date: ['number', ({ row }) => row.listing.listedMs / 1000],
    end_date: ['number', ({ row }) => (row.offer.endMs ?? Number.POSITIVE_INFINITY) / 1000],
    // An open end is longer than any duration asked for.
    duration: ['number', ({ row }) => row.durationS(terms.nowMs) ?? Number.POSITIVE_INFINITY],
  })
}
