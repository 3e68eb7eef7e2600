import { z } from 'zod'

const evidenceSchema = z.strictObject({
  idleGpuHours: z.number().min(0),
  bidGpuHours: z.number().min(0),
  rentedGpuHours: z.number().min(0),
  filledGpus: z.number().min(0),
  releasedGpus: z.number().min(0),
})

/** What pricing remembers of one machine, across restarts. Bounded: a few dozen numbers, whatever the policy. */
export const priceMemorySchema = z.strictObject({
  /** The last review, milliseconds since the epoch. */
  atMs: z.number(),
  rentedGpus: z.number().int().min(0),
  /** GPUs that interruptible rentals used at that moment. */
  bidGpus: z.number().int().min(0),
  /** Since when GPUs have been free without any being taken; `null` while all are rented. */
  idleSinceMs: z.number().nullable(),
  /** Price that stood when a client took a GPU last, host USD per GPU-hour. */
  lastRentedPrice: z.number().positive().nullable(),
  lastChangeMs: z.number().nullable(),
  /** Changes of the last 24 hours. */
  changesMs: z.array(z.number()).max(64),
  /** Gathered since the policy was asked last. */
  evidence: evidenceSchema,
  /** The peers' median that was believed last, host USD per GPU-hour. */
  marketMedian: z.number().positive().nullable(),
  /** Since when the market has shown a median too far from it to be believed at once. */
  doubtSinceMs: z.number().nullable(),
  policy: z.strictObject({ name: z.string(), memory: z.json() }).nullable(),
})
export type PriceMemory = z.infer<typeof priceMemorySchema>

export const noEvidence = {
  idleGpuHours: 0,
  bidGpuHours: 0,
  rentedGpuHours: 0,
  filledGpus: 0,
  releasedGpus: 0,
} as const
