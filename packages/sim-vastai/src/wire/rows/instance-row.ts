import type { Contract } from '../../market/contract.ts'
import { HOST_SHARE } from '../../market/listing.ts'
import { versionNumber } from '../search/field.ts'
import { HOURS_PER_MONTH } from '../search/terms.ts'
import type { Simulation } from '../simulation.ts'
import { costBlock } from './cost-block.ts'
import { instanceStatus } from './instance-status.ts'

/** An instance as its table shows it. `start_date` and `extra_env` are always there: the official client fails without. */
export function instanceRow(simulation: Simulation, contract: Contract): Record<string, unknown> {
  const { world } = simulation
  const machine = world.machine(contract.machineId)
  const { hardware } = machine
  const gpu = simulation.model(machine.model)
  const settings = simulation.instances.get(contract.id)
  const bootedMs = Math.max(settings?.bootedMs ?? contract.startMs, contract.startMs)
  const status = instanceStatus(contract, machine, bootedMs, world.nowMs)
  const isRunning = status.actual === 'running'
  const gpus = contract.gpuIndexes.length
  const fraction = gpus / machine.gpuCount
  const storageCost = contract.hostDiskUsdPerGbMonth / HOST_SHARE
  const diskHour = (storageCost * contract.diskGb) / HOURS_PER_MONTH
  const gpuHour = contract.kind === 'own-use' ? 0 : contract.renterUsdPerGpuHour * gpus
  const discountHour = gpuHour * contract.discount
  const firstPort = 20_000 + (contract.id % 1_000) * 10
  const vramMib = gpu?.vramMib ?? 0
  const totalFlops = (gpu?.tflops ?? 0) * gpus
  const dlperf = (gpu?.dlperf ?? 0) * gpus
  const dphTotal = gpuHour + diskHour
  return {
    id: contract.id,
    actual_status: status.actual,
    intended_status: status.intended,
    cur_state: status.current,
    next_state: status.next,
    status_msg: isRunning ? `success, running ${settings?.image ?? 'image'}` : null,
    label: contract.label ?? null,
    machine_id: machine.id,
    host_id: machine.hostId,
    bundle_id: machine.id * 64 + gpus,
    template_id: settings?.templateId ?? null,
    template_hash_id: settings?.templateHashId ?? null,
    template_name: settings?.templateName ?? null,
    image_uuid: settings?.image ?? null,
    image_args: settings?.args ?? [],
    image_runtype: settings?.runtype ?? 'ssh',
    extra_env: Object.entries(settings?.env ?? {}),
    onstart: settings?.onstart ?? null,
    jupyter_token: settings?.jupyterToken ?? null,
    volume_info: settings?.volumeInfo ?? [],
    is_bid: contract.kind === 'interruptible',
    min_bid: contract.kind === 'interruptible' ? world.winningBid(contract.id) : gpuHour,
    dph_base: gpuHour,
    dph_total: dphTotal,
    storage_cost: storageCost,
    storage_total_cost: diskHour,
    vram_costperhour: gpuHour / Math.max(1, (vramMib * gpus) / 1024),
    search: costBlock(gpuHour, diskHour, discountHour),
    instance: costBlock(contract.status === 'running' ? gpuHour : 0, diskHour, discountHour),
    credit_balance: 0,
    credit_discount: contract.discount,
    credit_discount_max: machine.listing?.creditDiscountMax ?? 0,
    inet_up_cost: contract.hostInetUpUsdPerGb / HOST_SHARE,
    inet_down_cost: contract.hostInetDownUsdPerGb / HOST_SHARE,
    start_date: contract.startMs / 1000,
    end_date: contract.endMs === undefined ? null : contract.endMs / 1000,
    duration: contract.endMs === undefined ? null : Math.max(0, (contract.endMs - world.nowMs) / 1000),
    uptime_mins: isRunning ? Math.floor((world.nowMs - bootedMs) / 60_000) : null,
    client_run_time: contract.runningMs / 1000,
    host_run_time: (world.nowMs - machine.createdMs) / 1000,
    time_remaining: '',
    time_remaining_isbid: '',
    num_gpus: gpus,
    gpu_name: gpu?.displayName ?? machine.model,
    gpu_arch: gpu?.arch ?? 'nvidia',
    gpu_frac: fraction,
    gpu_ram: vramMib,
    gpu_totalram: vramMib * gpus,
    gpu_lanes: hardware.gpuLanes,
    gpu_mem_bw: gpu?.memoryGbPerS ?? null,
    bw_nvlink: gpu?.nvlinkGbPerS ?? null,
    compute_cap: gpu?.computeCap ?? null,
    cuda_max_good: hardware.cudaMax,
    driver_version: hardware.driverVersion,
    driver_vers: versionNumber(hardware.driverVersion),
    gpu_util: isRunning ? 90 : 0,
    gpu_temp: isRunning ? 65 : 35,
    total_flops: totalFlops,
    dlperf,
    dlperf_per_dphtotal: dphTotal > 0 ? dlperf / dphTotal : null,
    flops_per_dphtotal: dphTotal > 0 ? totalFlops / dphTotal : null,
    score: null,
    cpu_name: hardware.cpuName,
    cpu_arch: hardware.cpuArch,
    cpu_cores: hardware.cpuCores,
    cpu_cores_effective: hardware.cpuCores * fraction,
    cpu_ram: hardware.cpuRamMb,
    cpu_util: isRunning ? 10 : 0,
    mem_limit: (hardware.cpuRamMb * fraction) / 1000,
    mem_usage: isRunning ? 1 : 0,
    vmem_usage: isRunning ? 1 : 0,
    disk_name: hardware.diskName,
    disk_space: contract.diskGb,
    disk_bw: hardware.diskMbPerS,
    disk_usage: isRunning ? 1 : 0,
    disk_util: isRunning ? 1 / contract.diskGb : 0,
    inet_up: hardware.inetUpMbps,
    inet_down: hardware.inetDownMbps,
    pci_gen: hardware.pciGen,
    pcie_bw: hardware.pcieGbPerS,
    mobo_name: hardware.motherboard,
    os_version: hardware.osVersion,
    direct_port_count: hardware.directPorts,
    direct_port_start: firstPort,
    direct_port_end: firstPort + 9,
    public_ipaddr: hardware.publicIp,
    local_ipaddrs: '10.0.0.5 172.17.0.2',
    ports: isRunning ? { '22/tcp': [{ HostIp: '0.0.0.0', HostPort: String(firstPort) }] } : null,
    machine_dir_ssh_port: firstPort + 1,
    // Names under .invalid never resolve: nothing that plays along here can reach a stranger's machine.
    ssh_host: `ssh${(contract.id % 9) + 1}.sim.invalid`,
    ssh_port: firstPort,
    ssh_idx: String((contract.id % 9) + 1),
    static_ip: hardware.hasStaticIp,
    geolocation: machine.geolocation,
    country_code: null,
    verification: machine.verification,
    reliability2: machine.reliability,
    hosting_type: machine.hostingType,
    rentable: true,
    external: false,
    webpage: null,
  }
}
