/** What a field of a filter holds; `version` is a driver version such as `535.86.05`. */
export type FieldKind = 'number' | 'flag' | 'text' | 'version'

/** Every field that offers can be searched by, in the units of the wire. The text language multiplies some (see `offerLanguage`). */
export const offerFields = {
  /** The offer's own id. */
  id: 'number',
  machine_id: 'number',
  host_id: 'number',
  cluster_id: 'number',
  /** For example `RTX 4090`; underscores count as blanks. */
  gpu_name: 'text',
  /** GPUs of the chunk. */
  num_gpus: 'number',
  /** Chunk over machine, 0 to 1. */
  gpu_frac: 'number',
  /** MB per GPU. */
  gpu_ram: 'number',
  /** MB of the chunk's GPUs together. */
  gpu_total_ram: 'number',
  /** `nvidia` or `amd`. */
  gpu_arch: 'text',
  gpu_display_active: 'flag',
  /** GB/s. */
  gpu_mem_bw: 'number',
  /** Limit set on the card, W. */
  gpu_max_power: 'number',
  /** Degrees Celsius. */
  gpu_max_temp: 'number',
  /** GB/s over NVLink. */
  bw_nvlink: 'number',
  /** Compute capability times 100: 890 is 8.9. */
  compute_cap: 'number',
  /** Highest CUDA version, for example 12.4. */
  cuda_max_good: 'number',
  driver_version: 'version',
  /** TFLOPS of the chunk. */
  total_flops: 'number',
  dlperf: 'number',
  /** Performance per USD and hour. */
  dlperf_per_dphtotal: 'number',
  /** TFLOPS per USD and hour. */
  flops_per_dphtotal: 'number',
  /** For example `amd64`. */
  cpu_arch: 'text',
  cpu_cores: 'number',
  /** Cores of the chunk. */
  cpu_cores_effective: 'number',
  cpu_ghz: 'number',
  /** MB of the chunk. */
  cpu_ram: 'number',
  has_avx: 'flag',
  mobo_name: 'text',
  pci_gen: 'number',
  /** GB/s. */
  pcie_bw: 'number',
  ubuntu_version: 'text',
  /** GB of the chunk. */
  disk_space: 'number',
  /** MB/s. */
  disk_bw: 'number',
  /** Mb/s. */
  inet_up: 'number',
  /** Mb/s. */
  inet_down: 'number',
  /** USD per GB. */
  inet_up_cost: 'number',
  /** USD per GB. */
  inet_down_cost: 'number',
  direct_port_count: 'number',
  static_ip: 'flag',
  /** Two-letter country code. */
  geolocation: 'text',
  /** USD per hour for the chunk, with storage. */
  dph_total: 'number',
  /** USD per hour for the chunk. */
  min_bid: 'number',
  /** USD per GB and month. */
  storage_cost: 'number',
  /** Seconds left; no rental lasts longer. */
  duration: 'number',
  /** 0 to 1. */
  reliability: 'number',
  verified: 'flag',
  /** `verified`, `unverified` or `deverified`. */
  verification: 'text',
  datacenter: 'flag',
  external: 'flag',
  vms_enabled: 'flag',
  rentable: 'flag',
  /** True: also where the caller rents already. */
  rented: 'flag',
} as const satisfies Record<string, FieldKind>

export type OfferField = keyof typeof offerFields
