import { listingTermsSchema } from '@org/venue-vastai/actions'
import { z } from 'zod'
import { accountSchema, newAccount } from '../accrual/account.ts'
import { priceMemorySchema } from './price-memory.ts'

const listingSchema = listingTermsSchema.nullable()

/** What the optimiser remembers of one machine, across restarts. */
export const machineMemorySchema = z.strictObject({
  pricing: priceMemorySchema.nullable(),
  /** The listing as it was seen or written last, `null`: not listed; absent before the first sight. */
  seen: z.strictObject({ listing: listingSchema }).nullable(),
  /** A write whose end is not known; the next sight of the machine tells. */
  doubted: z.strictObject({ listing: listingSchema }).nullable(),
  /** The terms that stood last: a relisting starts from them. */
  lastTerms: listingSchema,
  /** Until when a listing that somebody changed by hand is left alone. */
  handHoldUntilMs: z.number().nullable(),
  account: accountSchema,
})
export type MachineMemory = z.infer<typeof machineMemorySchema>

/** Of a machine that was never seen. */
export const newMachineMemory: MachineMemory = {
  pricing: null,
  seen: null,
  doubted: null,
  lastTerms: null,
  handHoldUntilMs: null,
  account: newAccount,
}
