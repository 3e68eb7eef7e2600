import { strategyConfigSchema } from '@org/core'
import { z } from 'zod'
import { priceLimitsSchema } from '../pricing/price-limits.ts'

const dayMs = 86_400_000

/** Terms of a machine's first listing besides its price; a machine that was listed before keeps the terms it had. */
export const firstListingSchema = z.strictObject({
  /** Smallest number of GPUs rented together. */
  minChunkGpus: z.number().int().min(1).max(64).default(1),
  /** USD per GB and month. */
  diskPerGbMonth: z.number().min(0).max(100).default(0.1),
  /** USD per GB sent. */
  uploadPerGb: z.number().min(0).max(10).default(0),
  /** USD per GB received. */
  downloadPerGb: z.number().min(0).max(10).default(0),
  /** Largest discount for prepaid rentals, 0 to 1. */
  discountMax: z.number().min(0).max(1).default(0.4),
  /** Longest rental, milliseconds; `null`: open. */
  durationMs: z.number().int().positive().nullable().default(null),
})
export type FirstListing = z.output<typeof firstListingSchema>

export const optimizerConfigSchema = strategyConfigSchema.extend({
  customParams: z
    .strictObject({
      /** Take machines off the market when the optimiser stops; running contracts continue. */
      unlistOnShutdown: z.boolean().default(false),
      limits: priceLimitsSchema.prefault({}),
      firstListing: firstListingSchema.prefault({}),
      /** Oldest market answer that a decision may rest on, milliseconds. */
      marketAgeMaxMs: z.number().int().positive().default(1_800_000),
      /** How often the market is asked about a kind of machine, milliseconds: few asks change within a quarter of an hour. */
      marketIntervalMs: z.number().int().min(0).default(900_000),
      /** How long a listing that somebody changed by hand is left alone, milliseconds. */
      handHoldMs: z.number().int().min(0).default(dayMs),
      /** How often the market's books are asked what was earned, milliseconds. */
      earningsIntervalMs: z.number().int().min(0).default(3_600_000),
    })
    .prefault({}),
})

/** The common strategy options and, under `customParams`, those of this strategy. All have defaults. */
export type OptimizerConfig = z.input<typeof optimizerConfigSchema>
export type CheckedOptimizerConfig = z.output<typeof optimizerConfigSchema>
