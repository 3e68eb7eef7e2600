import { HOST_SHARE } from '../../market/listing.ts'
import type { Machine } from '../../market/machine.ts'
import type { Volume } from '../../market/volume.ts'
import { json } from '../answer.ts'
import { optionalAmount, optionalText, requireId, toNumber } from '../arguments.ts'
import type { Call, OpenCall, Route } from '../call.ts'
import { every } from '../rate-limits.ts'
import { invalidArguments, Refused } from '../refused.ts'
import { compileFilter } from '../search/compile-filter.ts'
import { defineFields } from '../search/field.ts'
import { volumeAskId } from '../search/offer-row.ts'
import { compileOrder } from '../search/order-rows.ts'
import { sampleRows } from '../search/sample-rows.ts'
import { HOURS_PER_MONTH, readStorageGb } from '../search/terms.ts'

const LIMIT_DEFAULT = 64
const SIZE_GB_DEFAULT = 15
type Row = Record<string, unknown>
const column = (name: string) => (row: Row) => row[name]

const fields = defineFields<Row>({
  id: ['number', column('id')],
  machine_id: ['number', column('machine_id')],
  host_id: ['number', column('host_id')],
  disk_space: ['number', column('disk_space')],
  disk_bw: ['number', column('disk_bw')],
  duration: ['number', row => row['duration'] ?? Number.POSITIVE_INFINITY],
  geolocation: ['place', column('geolocation')],
  gpu_name: ['gpu-name', column('gpu_name')],
  inet_up: ['number', column('inet_up')],
  inet_down: ['number', column('inet_down')],
  reliability: ['number', column('reliability2')],
  storage_cost: ['number', column('storage_cost')],
  static_ip: ['flag', column('static_ip')],
  verified: ['flag', row => row['verification'] === 'verified'],
  verification: ['text', column('verification')],
  external: ['flag', () => null],
  datacenter: ['flag', row => Number(row['hosting_type']) > 0],
  cpu_arch: ['text', column('cpu_arch')],
  gpu_arch: ['text', column('gpu_arch')],
  driver_version: ['version', column('driver_version')],
  cuda_max_good: ['number', column('cuda_max_good')],
  pci_gen: ['number', column('pci_gen')],
  pcie_bw: ['number', column('pcie_bw')],
  score: ['number', column('score')],
})
const notFields = new Set(['order', 'type', 'limit', 'allocated_storage'])

/** Disk that outlives instances. */
export const volumeRoutes: readonly Route[] = [
  { method: 'POST', path: '/volumes/search', access: 'open', changes: false, handle: searchVolumes },
  {
    method: 'GET',
    path: '/volumes',
    access: 'instance_read',
    handle: call =>
      json({
        success: true,
        volumes: call.simulation.world
          .volumes({ accountId: call.caller.account.id })
          .map(volume => showVolume(call, volume)),
      }),
  },
  { method: 'PUT', path: '/volumes', access: 'instance_write', limit: every(5.5), handle: rent },
  {
    method: 'DELETE',
    path: '/volumes',
    access: 'instance_write',
    handle: call => {
      const id = requireId(call.query.get('id') ?? call.body['id'], 'volume id')
      const own = call.simulation.world.volumes({ accountId: call.caller.account.id }).some(each => each.id === id)
      if (!own) throw new Refused(404, 'no_such_volume', `No such volume ${id}.`)
      call.simulation.world.deleteVolume(id)
      return json({ success: true })
    },
  },
]

function searchVolumes(call: OpenCall) {
  const { body, simulation } = call
  const storageGb = readStorageGb(body['allocated_storage'])
  const filter = compileFilter(body, fields, notFields)
  const limit = toNumber(body['limit']) ?? LIMIT_DEFAULT
  const rows = simulation.world
    .machines()
    .flatMap((machine): readonly Row[] => offerOf(call, machine, storageGb) ?? [])
    .filter(filter.matches)
  const shown = rows.length > limit ? sampleRows(rows, limit, call.random) : rows
  return json({ offers: shown.sort(compileOrder(body['order'], fields)) })
}

function offerOf(call: OpenCall, machine: Machine, storageGb: number): readonly [Row] | undefined {
  const { listing, hardware } = machine
  if (listing === undefined || machine.offlineSinceMs !== undefined) return undefined
  const freeGb = Math.min(machine.diskFreeGb, listing.volumeGb - machine.volumeRentedGb)
  if (freeGb < 1) return undefined
  const gpu = call.simulation.model(machine.model)
  const storageCost = listing.volumeUsdPerGbMonth / HOST_SHARE
  const row: Row = {
    id: volumeAskId(machine.id),
    ask_contract_id: volumeAskId(machine.id),
    machine_id: machine.id,
    host_id: machine.hostId,
    disk_space: freeGb,
    disk_name: hardware.diskName,
    disk_bw: hardware.diskMbPerS,
    storage_cost: storageCost,
    storage_total_cost: (storageCost * storageGb) / HOURS_PER_MONTH,
    duration: listing.endMs === undefined ? null : (listing.endMs - call.nowMs) / 1000,
    start_date: listing.listedMs / 1000,
    end_date: listing.endMs === undefined ? null : listing.endMs / 1000,
    geolocation: machine.geolocation,
    gpu_name: gpu?.displayName ?? machine.model,
    gpu_arch: gpu?.arch ?? 'nvidia',
    cpu_arch: hardware.cpuArch,
    cpu_name: hardware.cpuName,
    cuda_max_good: hardware.cudaMax,
    driver_version: hardware.driverVersion,
    inet_up: hardware.inetUpMbps,
    inet_down: hardware.inetDownMbps,
    pci_gen: hardware.pciGen,
    pcie_bw: hardware.pcieGbPerS,
    static_ip: hardware.hasStaticIp,
    reliability2: machine.reliability,
    verification: machine.verification,
    hosting_type: machine.hostingType,
    score: Math.round((1e6 * machine.reliability) / Math.max(1e-6, storageCost)) / 1e6,
  }
  return [row]
}

function rent(call: Call) {
  const askId = requireId(call.body['id'], 'volume ask id')
  const sizeGb = optionalAmount(call.body, 'size') ?? SIZE_GB_DEFAULT
  const { world } = call.simulation
  const machineId = (askId - volumeAskId(0)) / 64
  if (!Number.isInteger(machineId) || !world.hasMachine(machineId))
    throw new Refused(404, 'no_such_ask', `No such volume ask ${askId}.`)
  if (sizeGb < 1) throw invalidArguments('Invalid size')
  const label = optionalText(call.body, 'name')
  const volume = world.rentVolume({
    accountId: call.caller.account.id,
    machineId,
    sizeGb,
    ...(label === undefined ? {} : { label }),
  })
  return json({ success: true, volume_name: volume.label ?? `V.${volume.id}`, id: volume.id })
}

function showVolume(call: Call, volume: Volume): Row {
  const machine = call.simulation.world.machine(volume.machineId)
  const { hardware } = machine
  return {
    id: volume.id,
    label: volume.label ?? `V.${volume.id}`,
    status: 'active',
    machine_id: machine.id,
    host_id: machine.hostId,
    disk_space: volume.sizeGb,
    disk_name: hardware.diskName,
    storage_total_cost: ((volume.hostUsdPerGbMonth / HOST_SHARE) * volume.sizeGb) / HOURS_PER_MONTH,
    start_date: volume.startMs / 1000,
    end_date: volume.endMs === undefined ? null : volume.endMs / 1000,
    duration: volume.endMs === undefined ? null : (volume.endMs - call.nowMs) / 1000,
    instances: [],
    driver_version: hardware.driverVersion,
    cuda_max_good: hardware.cudaMax,
    public_ipaddr: hardware.publicIp,
    geolocation: machine.geolocation,
    reliability2: machine.reliability,
    cpu_name: hardware.cpuName,
    cpu_arch: hardware.cpuArch,
    mobo_name: hardware.motherboard,
    os_version: hardware.osVersion,
    inet_up: hardware.inetUpMbps,
    inet_down: hardware.inetDownMbps,
    static_ip: hardware.hasStaticIp,
    verification: machine.verification,
  }
}
