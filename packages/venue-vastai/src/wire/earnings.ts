import { z } from 'zod'

const earned = {
  /** USD for GPUs. */
  gpu_earn: z.number(),
  /** USD for storage. */
  sto_earn: z.number(),
  /** USD for traffic sent. */
  bwu_earn: z.number(),
  /** USD for traffic received. */
  bwd_earn: z.number(),
}

/** What machines earned over some days. */
export const earningsSchema = z.object({
  /** USD, all machines. */
  summary: z.object({
    total_gpu: z.number(),
    total_stor: z.number(),
    total_bwu: z.number(),
    total_bwd: z.number(),
  }),
  /** The account now, USD. */
  current: z
    .object({
      balance: z.number().nullish(),
      service_fee: z.number().nullish(),
      total: z.number().nullish(),
      credit: z.number().nullish(),
    })
    .nullish(),
  per_machine: z.array(z.object({ machine_id: z.number(), ...earned })),
  /** All machines together, also when one was asked for. `day` counts from 1970-01-01 UTC. */
  per_day: z.array(z.object({ day: z.number(), ...earned })),
})

export type Earnings = z.output<typeof earningsSchema>
