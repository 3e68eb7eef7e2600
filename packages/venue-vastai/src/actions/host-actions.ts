import type { ActionDefinition } from '@org/core'
import { z } from 'zod'
import { hostPriceSchema } from '../market/price.ts'
import { listingTermsSchema } from './listing-terms.ts'

/** Lists a machine, or changes its listing, by writing all its terms. */
export const writeListingSchema = z.strictObject({
  machineId: z.number().int().positive(),
  terms: listingTermsSchema,
  /**
   * The listing that the decision was made on (`MachineView.listing`), `null` for a machine that was not listed. When the market shows
   * something else, somebody changed it by hand meanwhile: nothing is written and the error is `LISTING_CHANGED`.
   */
  expected: listingTermsSchema.nullable(),
})
export type WriteListingParams = z.output<typeof writeListingSchema>

export const unlistSchema = z.strictObject({ machineId: z.number().int().positive() })
export type UnlistParams = z.output<typeof unlistSchema>

export const setMinBidSchema = z.strictObject({
  machineId: z.number().int().positive(),
  /** Host terms, USD per GPU-hour. */
  minBidPerGpuHour: hostPriceSchema,
})
export type SetMinBidParams = z.output<typeof setMinBidSchema>

export const writeListing = {
  params: writeListingSchema,
  idempotency: 'convergent',
  reduces: false,
  description: 'writes the whole listing of a machine and reads it back',
} satisfies ActionDefinition

export const unlist = {
  params: unlistSchema,
  idempotency: 'convergent',
  reduces: true,
  description: 'takes a machine off the market; running contracts continue',
} satisfies ActionDefinition

export const setMinBid = {
  params: setMinBidSchema,
  idempotency: 'convergent',
  reduces: false,
  description: 'sets the floor of interruptible bids and reads it back',
} satisfies ActionDefinition
