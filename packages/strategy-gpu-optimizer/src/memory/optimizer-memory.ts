import { z } from 'zod'
import { decisionCountsSchema } from '../log/decision-log.ts'
import { knownRateSchema } from '../scan/market-answers.ts'
import { scanPlanSchema } from '../scan/scan-plan.ts'
import { machineMemorySchema } from './machine-memory.ts'

/** All that the optimiser remembers across restarts; grows with machines, not with time. */
export const optimizerMemorySchema = z.strictObject({
  version: z.literal(1),
  machines: z.array(z.tuple([z.number().int(), machineMemorySchema])),
  /** First day of the books that revenue is counted from, days since 1970-01-01 UTC; `null` before they were read. */
  booksFromDay: z.number().int().nullable(),
  /** When the books were read last. */
  booksAskedMs: z.number().nullable(),
  /** What the market said last, by kind of machine. */
  rates: z.array(z.tuple([z.string(), knownRateSchema])),
  plan: scanPlanSchema.nullable(),
  decisions: decisionCountsSchema,
})
export type OptimizerMemory = z.infer<typeof optimizerMemorySchema>
