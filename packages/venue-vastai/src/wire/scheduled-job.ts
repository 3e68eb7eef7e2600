import { z } from 'zod'

/** A request that Vast.ai makes for the account at set times. */
export const scheduledJobSchema = z.object({
  id: z.number(),
  instance_id: z.number().nullish(),
  api_endpoint: z.string().nullish(),
  request_method: z.string().nullish(),
  request_body: z.unknown().optional(),
  /** `HOURLY`, `DAILY` or `WEEKLY`. */
  frequency: z.string().nullish(),
  /** 0 is Sunday; null: every day. */
  day_of_the_week: z.number().nullish(),
  /** UTC; null: every hour. */
  hour_of_the_day: z.number().nullish(),
  /** Epoch seconds. */
  start_time: z.number().nullish(),
  /** Epoch seconds. */
  end_time: z.number().nullish(),
})

export type ScheduledJob = z.output<typeof scheduledJobSchema>

export const scheduledJobsSchema = z.array(scheduledJobSchema)
