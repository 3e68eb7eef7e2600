import { z } from 'zod'

/** How fast and how often a price may move, whatever the policy aims at. */
export const priceLimitsSchema = z.strictObject({
  /** A target nearer than this part of the price is not worth a change. */
  changeMin: z.number().min(0).max(0.5).default(0.02),
  /** Largest move at one review, as a part of the price. */
  stepMax: z.number().positive().max(1).default(0.1),
  /** Milliseconds that a price stands at least. */
  changeAgeMinMs: z.number().int().min(0).default(3_600_000),
  /** Changes in any 24 hours. */
  changesPerDayMax: z.number().int().min(1).max(48).default(6),
  /**
   * A raise on a machine that is fully rented must be at least this part of the price; on a machine rented by half, half of it. A raise
   * stops running contracts from being extended, and a tenant who leaves takes his sure rent along: at an occupancy of 80 % a new price
   * must be 25 % higher to earn what he pays.
   */
  tenantRaiseMin: z.number().min(0).max(10).default(0.25),
})

export type PriceLimits = z.output<typeof priceLimitsSchema>

export const usualPriceLimits: PriceLimits = priceLimitsSchema.parse({})
