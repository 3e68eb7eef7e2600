import { z } from 'zod'

const number = z.number().nullish()

/**
 * A host asks more than a running contract pays. Until the renter accepts, the contract keeps its price and is not extended; after
 * accepting, the new price starts when the contract's current end is reached. A null `new_` price stays as it is.
 */
export const priceIncreaseSchema = z.object({
  pending_price_increase_id: z.number(),
  /** The instance. */
  contract_id: z.number(),
  host_id: number,
  /** USD per GPU and **second**. */
  old_gpu_costpersec: number,
  new_gpu_costpersec: number,
  /** USD per GB and **second**. */
  old_disk_ram_costpersec: number,
  new_disk_ram_costpersec: number,
  /** USD per GB sent. */
  old_bwu_cost: number,
  new_bwu_cost: number,
  /** USD per GB received. */
  old_bwd_cost: number,
  new_bwd_cost: number,
  /** Vast.ai's part, 0 to 1. */
  old_platform_fee: number,
  new_platform_fee: number,
  /** Epoch seconds. */
  contract_end_date: number,
  /** Epoch seconds. */
  ask_end_date: number,
  /** Epoch seconds. */
  created_at: number,
})

export type PriceIncrease = z.output<typeof priceIncreaseSchema>

export const priceIncreasesSchema = z.object({
  pending_price_increases: z.array(priceIncreaseSchema),
  /** True: there are more than were sent. */
  truncated: z.boolean().nullish(),
})
