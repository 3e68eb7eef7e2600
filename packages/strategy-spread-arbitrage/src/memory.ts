import { Remembered, type StrategyContext, type VenueReader } from '@org/core'
import { ownResults, type TradingQueries } from '@org/venue-trading/actions'
import { z } from 'zod'

const countsSchema = z.object({
  trades: z.int(),
  oneLegged: z.int(),
  hedged: z.int(),
  unwound: z.int(),
  edgeExpected: z.number(),
})

const memorySchema = z.object({
  /** By venue: the newest of its results that is booked. */
  bookedSeq: z.record(z.string(), z.int().min(0)),
  /** The last trade was whole, or is counted as one-legged already: what is made up for now is what fees have left. */
  isMadeUp: z.boolean(),
  counts: countsSchema,
})

type Contents = z.output<typeof memorySchema>
export type Counts = Readonly<z.output<typeof countsSchema>>

const atFirst: Contents = {
  bookedSeq: {},
  isMadeUp: false,
  counts: { trades: 0, oneLegged: 0, hedged: 0, unwound: 0, edgeExpected: 0 },
}

/**
 * What the strategy remembers over restarts. What is held comes from the venues, and what is in doubt from the ledger: both know it before this could be
 * written.
 */
export class Memory {
  readonly #strategyId: string
  readonly #remembered: Remembered<Contents>

  private constructor(strategyId: string, remembered: Remembered<Contents>) {
    this.#strategyId = strategyId
    this.#remembered = remembered
  }

  /** @throws AutomationError `STATE_UNREADABLE` */
  static async open(context: StrategyContext, strategyId: string): Promise<Memory> {
    return new Memory(strategyId, await Remembered.open(context, memorySchema, atFirst))
  }

  get counts(): Counts {
    return this.#remembered.value.counts
  }

  /** What the venue says happened since: booked once, together with how far we are. */
  bookResults(venue: VenueReader<TradingQueries>): Promise<void> {
    return this.#remembered.change(async now => {
      const query = { strategyId: this.#strategyId, after: now.bookedSeq[venue.id] ?? 0 }
      const { value: news } = await venue.observe('results', query)
      const last = news.at(-1)
      if (last === undefined) return undefined
      const next = { ...now, bookedSeq: { ...now.bookedSeq, [venue.id]: last.seq } }
      return { next, results: ownResults(venue.id, news) }
    })
  }

  /** Both legs of a trade went, whole. */
  countTrade(edge: number): Promise<void> {
    return this.#remembered.change(now => {
      const { trades, edgeExpected } = now.counts
      const counts = { ...now.counts, trades: trades + 1, edgeExpected: edgeExpected + edge }
      return { next: { ...now, isMadeUp: true, counts } }
    })
  }

  /** A trade went otherwise: the first repair after it says so. */
  countBroken(): Promise<void> {
    return this.#remembered.change(now => (now.isMadeUp ? { next: { ...now, isMadeUp: false } } : undefined))
  }

  countRepair(kind: 'hedge' | 'unwind'): Promise<void> {
    return this.#remembered.change(now => {
      const name = kind === 'hedge' ? 'hedged' : 'unwound'
      const oneLegged = now.counts.oneLegged + (now.isMadeUp ? 0 : 1)
      const counts = { ...now.counts, oneLegged, [name]: now.counts[name] + 1 }
      return { next: { ...now, isMadeUp: true, counts } }
    })
  }
}
