import { z } from 'zod'

/** What the strategy remembers over restarts; averages are made anew from candles, positions come from the venue. */
export const memorySchema = z.object({
  /** The newest of the venue's results that is booked. */
  bookedSeq: z.int().min(0),
  /** By symbol: start of the bar whose cross was acted upon, milliseconds since the epoch. */
  actedOn: z.record(z.string(), z.number()),
})

export type Memory = z.output<typeof memorySchema>

export const newMemory: Memory = { bookedSeq: 0, actedOn: {} }
