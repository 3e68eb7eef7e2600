import type { GpuModel } from './gpu-model.ts'
import type { MachineHardware } from './hardware.ts'
import { placeOf } from './locations.ts'
import { Stream } from './stream.ts'

const cpus = [
  { weight: 5, name: 'AMD EPYC 7542 32-Core Processor', cores: 64, ghz: 2.9, motherboard: 'ROMED8-2T', pciGen: 4 },
  { weight: 4, name: 'AMD EPYC 7702 64-Core Processor', cores: 128, ghz: 2, motherboard: 'H12SSL-i', pciGen: 4 },
  { weight: 3, name: 'AMD EPYC 9354 32-Core Processor', cores: 64, ghz: 3.3, motherboard: 'H13SSL-N', pciGen: 5 },
  { weight: 3, name: 'Xeon® Gold 6248R', cores: 96, ghz: 3, motherboard: 'X11DPG-OT-CPU', pciGen: 3 },
  {
    weight: 3,
    name: 'AMD Ryzen 9 7950X 16-Core Processor',
    cores: 32,
    ghz: 4.5,
    motherboard: 'B650 LiveMixer',
    pciGen: 4,
  },
  { weight: 2, name: 'Core™ i9-13900K', cores: 32, ghz: 3, motherboard: 'PRIME Z790-P', pciGen: 5 },
] as const

const drivers = [
  { weight: 3, version: '550.54.15', cuda: 12.4 },
  { weight: 3, version: '570.86.15', cuda: 12.8 },
  { weight: 2, version: '580.65.06', cuda: 13 },
] as const

/** A plausible box for a machine, the same for the same seed and id. */
export function drawHardware(
  seed: number,
  machineId: number,
  gpu: GpuModel,
  gpuCount: number,
  geolocation: string,
): MachineHardware {
  const stream = new Stream(seed, 'hardware', machineId)
  const cpu = stream.pick(cpus)
  const driver = stream.pick(drivers)
  const place = placeOf(geolocation)
  const ramGb = Math.max(32, 2 ** Math.round(Math.log2((gpu.vramMib / 1024) * gpuCount * (1 + stream.next()))))
  const inet = Math.round(200 + 4_800 * stream.next() ** 2)
  const lanes = gpuCount > 8 || stream.next() < 0.2 ? 8 : 16
  return {
    hostname: `box-${machineId}`,
    // TEST-NET-3 (RFC 5737): reserved for documentation, so that no simulated machine has a real address.
    publicIp: `203.0.113.${1 + (machineId % 254)}`,
    cpuName: cpu.name,
    cpuArch: 'amd64',
    cpuCores: cpu.cores,
    cpuGhz: cpu.ghz,
    cpuRamMb: ramGb * 1_000,
    hasAvx: true,
    motherboard: cpu.motherboard,
    osVersion: stream.next() < 0.6 ? '22.04' : '24.04',
    pciGen: cpu.pciGen,
    gpuLanes: lanes,
    pcieGbPerS: Math.round(10 * lanes * 0.98 * 2 ** (cpu.pciGen - 4) * (1.2 + 0.4 * stream.next())) / 10,
    gpuMaxPowerWatts: gpu.tdpWatts,
    gpuMaxTempC: 90,
    diskName: stream.next() < 0.5 ? 'Samsung SSD 990 PRO' : 'KINGSTON SFYRD4000G',
    diskGb: Math.round(gpuCount * (100 + 400 * stream.next())),
    diskMbPerS: Math.round(1_500 + 5_000 * stream.next()),
    inetUpMbps: Math.round(inet * (0.5 + 0.5 * stream.next())),
    inetDownMbps: inet,
    directPorts: Math.round(50 + 450 * stream.next()),
    hasStaticIp: stream.next() < 0.3,
    driverVersion: driver.version,
    cudaMax: driver.cuda,
    latitude: place.latitude,
    longitude: place.longitude,
  }
}
