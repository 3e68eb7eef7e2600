import { z } from 'zod'
import { decisionCountsSchema } from '../log/decision-log.ts'
import { machineMemorySchema } from './machine-memory.ts'

/** All that the optimiser remembers across restarts; grows with machines, not with time. */
export const optimizerMemorySchema = z.strictObject({
  version: z.literal(1),
  machines: z.array(z.tuple([z.number().int(), machineMemorySchema])),
  /** First day of the books that revenue is counted from, days since 1970-01-01 UTC; `null` before they were read. */
  booksFromDay: z.number().int().nullable(),
  decisions: decisionCountsSchema,
})
export type OptimizerMemory = z.infer<typeof optimizerMemorySchema>
