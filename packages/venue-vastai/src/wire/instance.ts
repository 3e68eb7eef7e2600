import { z } from 'zod'

const number = z.number().nullish()
const text = z.string().nullish()

/**
 * A rental, as the renter sees it. Prices are for the whole instance.
 *
 * With `columns` in `instances.list`, fields that were not asked for are absent.
 */
export const instanceSchema = z.object({
  id: z.number(),
  /**
   * What the container does: null (being made), `created`, `loading` (pulling the image), `running` (GPUs billed), `stopped` (disk billed),
   * `frozen` (GPUs billed), `exited`, `rebooting`, `unknown` (no heartbeat), `offline` (host gone).
   */
  actual_status: text,
  /** What the renter wants: `running`, `stopped`, `frozen`. */
  intended_status: text,
  /** The contract: `running`, `stopped`, `unloaded` (destroyed). */
  cur_state: text,
  next_state: text,
  status_msg: text,
  label: text,
  machine_id: number,
  host_id: number,
  gpu_name: text,
  num_gpus: number,
  /** Percent. */
  gpu_util: number,
  /** Degrees Celsius. */
  gpu_temp: number,
  /** MB per GPU. */
  gpu_ram: number,
  /** USD per hour, GPUs only. */
  dph_base: number,
  /** USD per hour, with disk. */
  dph_total: number,
  /** USD per GB and month. */
  storage_cost: number,
  /** True: interruptible; others may outbid it. */
  is_bid: z.boolean().nullish(),
  /** USD per hour: the bid that would run now. */
  min_bid: number,
  /** Epoch seconds. */
  start_date: number,
  /** Epoch seconds; at the end the instance stops and cannot start again. */
  end_date: number,
  image_uuid: text,
  image_runtype: text,
  template_id: number,
  template_hash_id: text,
  template_name: text,
  /** GB. */
  disk_space: number,
  /** GB in use. */
  disk_usage: number,
  public_ipaddr: text,
  ssh_host: text,
  ssh_port: number,
  /** By container port, for example `22/tcp`. */
  ports: z.record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullable()).nullish(),
  /** A secret: keep it out of logs. */
  jupyter_token: text,
  /** 0 to 1. */
  reliability2: number,
  verification: text,
  geolocation: text,
  /** Null: the host's own default job. */
  bundle_id: number,
})

export type Instance = z.output<typeof instanceSchema>

/** One page of the list. */
export const instancePageSchema = z.object({
  instances: z.array(instanceSchema),
  /** Instances that match the filter, on all pages. */
  instances_found: number,
  total_instances: number,
  label_counts: z.record(z.string(), z.number()).nullish(),
  /** Where the next page begins; null on the last. */
  next_token: text,
})

export type InstancePage = z.output<typeof instancePageSchema>

/** One instance travels as one object under a plural name, or null when there is none. */
export const oneInstanceSchema = z.object({ instances: instanceSchema.nullable() })

/** Values that occur among the caller's instances. */
export const instanceFiltersSchema = z.object({
  filters: z.array(z.object({ actual_status: text, verification: text, gpu_name: text })),
})

export type InstanceFilterValue = z.output<typeof instanceFiltersSchema>['filters'][number]

/** The answer to a create. */
export const createdSchema = z.object({
  /** Id of the new instance. */
  new_contract: z.number(),
})

/** The answer to a bulk create; its shape is not documented. */
export const createdManySchema = z.object({
  new_contracts: z.array(z.number()).nullish(),
})

/** What prepaying bought. */
export const prepaymentSchema = z.object({
  /** Months that the amount covers. */
  timescale: z.number(),
  /** Discount, 0 to 1. */
  discount_rate: z.number(),
})

export type Prepayment = z.output<typeof prepaymentSchema>

/** What is held back for an instance. */
export const instanceBalanceSchema = z.looseObject({})

/** Where the output of a command or the logs will be found. */
export const resultLinkSchema = z.object({ result_url: z.string().nullish(), msg: text })
