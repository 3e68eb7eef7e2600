import { z } from 'zod'

/** What the strategy remembers over restarts; positions come from the venues. */
export const memorySchema = z.object({
  /** By venue: the newest of its results that is booked. */
  bookedSeq: z.record(z.string(), z.int().min(0)),
  /** A leg of which nobody knows whether it happened. */
  inDoubt: z.object({ venueId: z.string(), clientOrderId: z.string() }).optional(),
  kpis: z.object({
    trades: z.int(),
    oneLegged: z.int(),
    hedged: z.int(),
    unwound: z.int(),
    /** Sum of what trades were to bring when they were decided, in the base currency. */
    expectedEdge: z.number(),
  }),
})

export type Memory = z.output<typeof memorySchema>
export type SpreadArbitrageKpis = Readonly<Memory['kpis']>

export const newMemory: Memory = {
  bookedSeq: {},
  kpis: { trades: 0, oneLegged: 0, hedged: 0, unwound: 0, expectedEdge: 0 },
}
