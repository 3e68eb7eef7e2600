/** The box around the GPUs. Drawn per machine from its id, so that it costs nothing until somebody looks. */
export interface MachineHardware {
  readonly hostname: string
  readonly publicIp: string
  readonly cpuName: string
  readonly cpuArch: 'amd64' | 'arm64'
  readonly cpuCores: number
  readonly cpuGhz: number
  readonly cpuRamMb: number
  readonly hasAvx: boolean
  readonly motherboard: string
  readonly osVersion: string
  readonly pciGen: number
  readonly gpuLanes: number
  readonly pcieGbPerS: number
  readonly gpuMaxPowerWatts: number
  readonly gpuMaxTempC: number
  readonly diskName: string
  readonly diskGb: number
  readonly diskMbPerS: number
  readonly inetUpMbps: number
  readonly inetDownMbps: number
  readonly directPorts: number
  readonly hasStaticIp: boolean
  /** For example `550.54.15`. */
  readonly driverVersion: string
  readonly cudaMax: number
  readonly latitude: number
  readonly longitude: number
}
