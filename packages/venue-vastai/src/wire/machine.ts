import { z } from 'zod'

const number = z.number().nullish()
const text = z.string().nullish()

/**
 * One of the host's own machines. Prices are what the **host** earns, per GPU. Fields of the listing are absent or old while the machine
 * is not listed.
 */
export const machineSchema = z.object({
  /** The same as `machine_id`. */
  id: z.number(),
  machine_id: number,
  hostname: text,
  host_id: number,
  geolocation: text,
  num_gpus: z.number(),
  /** With spaces, for example `RTX 4090`. */
  gpu_name: z.string(),
  /** MB per GPU. */
  gpu_ram: number,
  /** Degrees Celsius, the hottest. */
  gpu_max_cur_temp: number,
  driver_version: text,
  listed: z.boolean(),
  /** USD per GPU-hour, host terms. */
  listed_gpu_cost: number,
  /** USD per GB and month. */
  listed_storage_cost: number,
  /** USD per GB sent. */
  listed_inet_up_cost: number,
  /** USD per GB received. */
  listed_inet_down_cost: number,
  /** USD per GB and month of volumes. */
  listed_volume_cost: number,
  /** Least number of GPUs rented together. */
  listed_min_gpu_count: number,
  /** USD per GPU-hour, host terms; null: the on-demand price. */
  min_bid_price: number,
  /** 0 to 1. */
  credit_discount_max: number,
  /** Epoch seconds; when listed. */
  start_date: number,
  /** Epoch seconds; null: open. */
  end_date: number,
  /** Seconds that a moving end date lies ahead. */
  duration: number,
  /** Epoch seconds: the latest end among clients' contracts. */
  client_end_date: number,
  /** One token per GPU: `D` on demand, `R` reserved, `I` interruptible, `x` free. Hidden while unlisted. */
  gpu_occupancy: text,
  current_rentals_running: number,
  current_rentals_running_on_demand: number,
  current_rentals_running_reserved: number,
  current_rentals_on_demand: number,
  current_rentals_reserved: number,
  /** With stopped ones. */
  current_rentals_resident: number,
  /** USD; a decaying average that never reaches 0. */
  earn_hour: number,
  /** USD; a decaying average that never reaches 0. */
  earn_day: number,
  /** `verified`, `unverified` or `deverified`. */
  verification: text,
  /** 0 to 1. */
  reliability2: number,
  error_description: text,
  vm_error_level: z.union([z.number(), z.string()]).nullish(),
  vm_error_msg: text,
  machine_maintenance: z.unknown().optional(),
  /** 0: online; above: seconds without contact. */
  timeout: number,
  num_reports: number,
  num_recent_reports: number,
  /** GB. */
  disk_space: number,
  /** GB rented. */
  alloc_disk_space: number,
  /** GB free. */
  avail_disk_space: number,
  /** GB offered as volumes. */
  volume_total_size: number,
  /** GB rented as volumes. */
  volume_rented_size: number,
  /** USD per GPU of the host's own default job. */
  bid_gpu_cost: number,
  bid_image: text,
})

export type Machine = z.output<typeof machineSchema>

/** One machine travels as a bare list. */
export const oneMachineSchema = z.array(machineSchema)

/** What writing a listing did. */
export const listingWrittenSchema = z.object({
  /** Client contracts that were extended to the new end. */
  extended: number,
})

/** What a cleanup removed. */
export const cleanupSchema = z.object({
  /** Expired instances whose disk was freed. */
  num_deleted: number,
})

/** A maintenance window. */
export const maintenanceSchema = z.object({
  machine_id: z.number(),
  /** Epoch seconds. */
  start_time: number,
  /** Epoch seconds. */
  end_time: number,
  duration_hours: number,
  maintenance_category: text,
})

export type Maintenance = z.output<typeof maintenanceSchema>

/** What a client complained about. */
export const machineReportSchema = z.object({
  problem: text,
  message: text,
  /** Epoch seconds, or a text. */
  created_at: z.union([z.number(), z.string()]).nullish(),
})

export type MachineReport = z.output<typeof machineReportSchema>
