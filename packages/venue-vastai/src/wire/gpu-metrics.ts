import { z } from 'zod'

const number = z.number().nullish()
const series = z.array(z.number().nullable()).nullish()

/** Supply, demand and prices of one GPU model over all of Vast.ai; refreshed every five minutes. */
export const gpuMetricsSchema = z.object({
  /** With spaces. */
  gpu_name: z.string(),
  /** Machines. */
  total: number,
  /** Machines. */
  available: number,
  /** Machines. */
  rented_verified: number,
  /** Machines. */
  avail_verified: number,
  /** Machines. */
  rented_unverified: number,
  /** Machines. */
  avail_unverified: number,
  /** GPUs. */
  rented_verified_gpus: number,
  /** GPUs. */
  avail_verified_gpus: number,
  /** Percent rented. */
  usage: number,
  /** Percent rented, mean of 30 days. */
  usage_30d: number,
  /** USD per GPU-hour; whether renter or host terms is not documented, hosts found that it matches neither exactly. */
  price_p10: number,
  price_p25: number,
  price_median: number,
  price_p75: number,
  price_p90: number,
  dlperf: number,
  tflops: number,
})

export type GpuMetrics = z.output<typeof gpuMetricsSchema>

export const gpuMetricsAnswerSchema = z.object({
  gpus: z.array(gpuMetricsSchema),
  /** True: the key's owner hosts no machine, and so is shown nothing. */
  needs_machine: z.boolean().nullish(),
})

/** The same over time. All lists are as long as `timestamps`. */
export const gpuHistorySchema = z.object({
  supply_demand: z
    .object({
      /** Epoch seconds. */
      timestamps: z.array(z.number()),
      rented_verified: series,
      avail_verified: series,
      rented_unverified: series,
      avail_unverified: series,
      rented_verified_gpus: series,
      avail_verified_gpus: series,
      total: series,
    })
    .nullish(),
  /** USD per GPU-hour. */
  pricing: z
    .object({
      /** Epoch seconds. */
      timestamps: z.array(z.number()).nullish(),
      rented_p10: series,
      rented_median: series,
      rented_p90: series,
      avail_p10: series,
      avail_median: series,
      avail_p90: series,
    })
    .nullish(),
})

export type GpuHistory = z.output<typeof gpuHistorySchema>

export const gpuHistoryAnswerSchema = z.object({
  /** By name with spaces. */
  gpus: z.record(z.string(), gpuHistorySchema),
  needs_machine: z.boolean().nullish(),
})

/** Where GPUs stand. */
export const gpuLocationSchema = z.object({
  gpu_name: z.string(),
  city: z.string().nullish(),
  /** Two letters. */
  country_code: z.string().nullish(),
  num_gpus: number,
  rented: z.union([z.boolean(), z.number()]).nullish(),
  verified: z.union([z.boolean(), z.number()]).nullish(),
  latitude: number,
  longitude: number,
})

export type GpuLocation = z.output<typeof gpuLocationSchema>

export const gpuLocationsAnswerSchema = z.object({
  locations: z.array(gpuLocationSchema),
  needs_machine: z.boolean().nullish(),
})

export const gpuNamesSchema = z.object({ gpu_names: z.array(z.string()) })
