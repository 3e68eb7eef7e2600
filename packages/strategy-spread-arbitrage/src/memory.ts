import type { StrategyContext, VenueReader } from '@org/core'
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

type Remembered = z.output<typeof memorySchema>
export type Counts = Readonly<z.output<typeof countsSchema>>

const atFirst: Remembered = {
  bookedSeq: {},
  isMadeUp: false,
  counts: { trades: 0, oneLegged: 0, hedged: 0, unwound: 0, edgeExpected: 0 },
}

/**
 * What the strategy remembers over restarts. What is held comes from the venues, and what is in doubt from the ledger: both know it before this could be
 * written.
 */
export class Memory {
  readonly #context: StrategyContext
  readonly #strategyId: string
  #remembered: Remembered
  /** A write has failed and may be there all the same. */
  #isUnsure = false

  private constructor(context: StrategyContext, strategyId: string, remembered: Remembered) {
    this.#context = context
    this.#strategyId = strategyId
    this.#remembered = remembered
  }

  /** @throws AutomationError `STATE_UNREADABLE` */
  static async open(context: StrategyContext, strategyId: string): Promise<Memory> {
    return new Memory(context, strategyId, (await context.state.load(memorySchema)) ?? atFirst)
  }

  get counts(): Counts {
    return this.#remembered.counts
  }

  /** What the venue says happened since: booked once, together with how far we are. */
  async bookResults(venue: VenueReader<TradingQueries>): Promise<void> {
    await this.#beSure()
    const after = this.#remembered.bookedSeq[venue.id] ?? 0
    const { value: news } = await venue.observe('results', { strategyId: this.#strategyId, after })
    const last = news.at(-1)
    if (last === undefined) return
    const next = { ...this.#remembered, bookedSeq: { ...this.#remembered.bookedSeq, [venue.id]: last.seq } }
    await this.#write(next, () => this.#context.recordAll(ownResults(venue.id, news), next))
  }

  /** Both legs of a trade went, whole. */
  async countTrade(edge: number): Promise<void> {
    const { counts } = this.#remembered
    const { trades, edgeExpected } = counts
    await this.#save({ isMadeUp: true, counts: { ...counts, trades: trades + 1, edgeExpected: edgeExpected + edge } })
  }

  /** A trade went otherwise: the first repair after it says so. */
  async countBroken(): Promise<void> {
    if (this.#remembered.isMadeUp) await this.#save({ isMadeUp: false })
  }

  async countRepair(kind: 'hedge' | 'unwind'): Promise<void> {
    const { counts, isMadeUp } = this.#remembered
    const name = kind === 'hedge' ? 'hedged' : 'unwound'
    const oneLegged = counts.oneLegged + (isMadeUp ? 0 : 1)
    await this.#save({ isMadeUp: true, counts: { ...counts, oneLegged, [name]: counts[name] + 1 } })
  }

  async #save(change: Partial<Remembered>): Promise<void> {
    await this.#beSure()
    const next = { ...this.#remembered, ...change }
    await this.#write(next, () => this.#context.state.save(next))
  }

  async #write(next: Remembered, write: () => Promise<void>): Promise<void> {
    try {
      await write()
    } catch (error) {
      this.#isUnsure = true
      throw error
    }
    this.#remembered = next
  }

  /** After a failed write, what is there counts: booking or remembering on top of what was would do the same twice. */
  async #beSure(): Promise<void> {
    if (!this.#isUnsure) return
    // Only a write shows what a failed one has left behind.
    await this.#context.recordAll([])
    this.#remembered = (await this.#context.state.load(memorySchema)) ?? atFirst
    this.#isUnsure = false
  }
}
