// Hot path: a search may answer with tens of thousands of these. Plain fields only, nothing that allocates per value.
import { z } from 'zod'

const number = z.number().nullish()
const text = z.string().nullish()
const flag = z.boolean().nullish()

/**
 * One row of a search: a chunk of a machine that can be rented. Prices are what the **renter** pays, for the whole chunk.
 *
 * Only fields that something is decided by; Vast.ai sends about 90. What may be missing in practice is nullish, what a decision cannot
 * do without is not.
 */
export const offerSchema = z.object({
  /** Argument of `instances.create`; changes when the machine is rented or relisted. */
  id: z.number(),
  machine_id: z.number(),
  host_id: number,
  /** With spaces, for example `RTX 4090`. */
  gpu_name: z.string(),
  /** GPUs of this chunk. */
  num_gpus: z.number(),
  /** Chunk over machine, 0 to 1. */
  gpu_frac: number,
  /** The machine's GPUs that the chunk is made of. */
  gpu_ids: z.array(z.number()).nullish(),
  /** MB per GPU; real cards report for example 24564. */
  gpu_ram: number,
  /** Limit set on the card, W. */
  gpu_max_power: number,
  /** USD per hour for the GPUs of the whole chunk, without disk. Divide by `num_gpus` before comparing. */
  dph_base: number,
  /** USD per hour for the whole chunk with the storage that was asked for; without bandwidth. */
  dph_total: number,
  /** USD per hour for the whole chunk: the least bid that would run now. */
  min_bid: number,
  /** USD per GB and month. */
  storage_cost: number,
  /** USD per GB sent. */
  inet_up_cost: number,
  /** USD per GB received. */
  inet_down_cost: number,
  /** Mb/s. */
  inet_up: number,
  /** Mb/s. */
  inet_down: number,
  /** 0 to 1. */
  reliability: number,
  /** The same number as `reliability`; older answers hold only one of them. */
  reliability2: number,
  /** `verified`, `unverified` or `deverified`. */
  verification: text,
  /** 0: community, above: datacenter. */
  hosting_type: number,
  /** False: the chunk or a part of it is rented. */
  rentable: flag,
  /** True: the caller rents here already. */
  rented: flag,
  is_bid: flag,
  /** Epoch seconds; no contract runs longer. */
  end_date: number,
  /** Seconds left until `end_date`. */
  duration: number,
  /** GB of the chunk. */
  disk_space: number,
  /** Cores of the chunk. */
  cpu_cores_effective: number,
  /** MB of the chunk. */
  cpu_ram: number,
  /** For example `Texas, US`. */
  geolocation: text,
  cuda_max_good: number,
  /** For example `550.54.15`. */
  driver_version: text,
  /** Open ports. */
  direct_port_count: number,
  static_ip: flag,
  /** TFLOPS of the chunk. */
  total_flops: number,
  /** Vast.ai's own benchmark of the chunk, higher is better. */
  dlperf: number,
  /** Vast.ai's own ranking; its formula is not public. */
  score: number,
  /** Largest discount for prepaying, 0 to 1. */
  credit_discount_max: number,
  /** Vast.ai's part of the renter's payment where it is told, 0 to 1. */
  platform_fee: number,
})

export type Offer = z.output<typeof offerSchema>
