import { z } from 'zod'

const number = z.number().nullish()
const text = z.string().nullish()

/** A measured performance of a machine. */
export const benchmarkSchema = z.object({
  id: z.number(),
  contract_id: number,
  machine_id: number,
  gpu_name: text,
  num_gpus: number,
  image: text,
  template_id: number,
  template_hash: text,
  type: text,
  /** What the benchmark counts, per type. */
  value: number,
  /** Epoch seconds. */
  last_update: number,
})

export type Benchmark = z.output<typeof benchmarkSchema>

export const benchmarksSchema = z.array(benchmarkSchema)
