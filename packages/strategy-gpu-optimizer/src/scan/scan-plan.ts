import { listingTermsSchema } from '@org/venue-vastai/actions'
import { z } from 'zod'

/** A decision that wants a change, as it is remembered until the next scan. */
export const plannedChangeSchema = z.strictObject({
  machineId: z.number().int(),
  atMs: z.number(),
  kind: z.enum(['list', 'reprice', 'unlist']),
  reason: z.string(),
  summary: z.string(),
  inputs: z.record(z.string(), z.json()),
  thresholds: z.record(z.string(), z.json()),
  before: listingTermsSchema.nullable(),
  terms: listingTermsSchema.nullable(),
  warning: z.string().exactOptional(),
})
export type PlannedChange = z.output<typeof plannedChangeSchema>

/**
 * What the newest scan decided to do, saved before any of it is done: whoever comes back from a crash finishes the scan instead of
 * deciding it anew, and knows its own changes from those of others.
 */
export const scanPlanSchema = z.strictObject({
  atMs: z.number(),
  changes: z.array(plannedChangeSchema),
})
export type ScanPlan = z.output<typeof scanPlanSchema>
