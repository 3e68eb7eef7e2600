import { z } from 'zod'

const price = z.number().min(0).max(1000)

/** A job of the host's own that runs while nobody rents. */
export const defaultJobSchema = z.strictObject({
  /** USD per GPU-hour that the host pays himself; Vast.ai's own documents say per day in places. */
  pricePerGpuHour: price.nullable().default(null),
  /** USD per GB sent. */
  uploadPerGb: price.nullable().default(null),
  /** USD per GB received. */
  downloadPerGb: price.nullable().default(null),
  image: z.string().min(1).nullable(),
  args: z.array(z.string()).nullable().default(null),
})

export type DefaultJob = z.input<typeof defaultJobSchema>

/** A window in which a machine will be down. */
export const maintenanceWindowSchema = z.strictObject({
  /** Epoch milliseconds. */
  startMs: z.number().positive(),
  hours: z.number().positive().max(720),
  /** What renters are told. */
  category: z.enum(['power', 'internet', 'disk', 'gpu', 'software', 'other', 'not provided']).default('not provided'),
})

export type MaintenanceWindow = z.input<typeof maintenanceWindowSchema>
