import { Remembered, type StrategyContext, type VenueReader } from '@org/core'
import { ownResults, type TradingQueries } from '@org/venue-trading/actions'
import { z } from 'zod'

const memorySchema = z.object({
  /** The newest of the venue's results that is booked. */
  bookedSeq: z.int().min(0),
  /** The last entry by symbol; what is long past and no longer held is forgotten. */
  entries: z.record(
    z.string(),
    z.object({
      /** Start of the bar whose cross was acted upon, milliseconds since the epoch. */
      openTime: z.number(),
      stopPrice: z.string().optional(),
    }),
  ),
})

type Contents = z.output<typeof memorySchema>
export type RememberedEntry = Readonly<Contents['entries'][string]>

/** A bar is decided from until two more have gone by without one. */
const keptBars = 5

const atFirst: Contents = { bookedSeq: 0, entries: {} }

/**
 * What the strategy remembers over restarts; averages are made anew from candles, positions come from the venue. Scans and ticks remember side by side.
 */
export class Memory {
  readonly #context: StrategyContext
  readonly #strategyId: string
  /** Nobody decides from bars that are older. */
  readonly #keepMs: number
  readonly #remembered: Remembered<Contents>

  private constructor(context: StrategyContext, strategyId: string, keepMs: number, remembered: Remembered<Contents>) {
    this.#context = context
    this.#strategyId = strategyId
    this.#keepMs = keepMs
    this.#remembered = remembered
  }

  /** @throws AutomationError `STATE_UNREADABLE` */
  static async open(context: StrategyContext, strategyId: string, barMs: number): Promise<Memory> {
    return new Memory(context, strategyId, keptBars * barMs, await Remembered.open(context, memorySchema, atFirst))
  }

  entryOf(symbol: string): RememberedEntry | undefined {
    return this.#remembered.value.entries[symbol]
  }

  /** What the venue says happened since: booked once, together with how far we are. */
  bookResults(venue: VenueReader<TradingQueries>): Promise<void> {
    return this.#remembered.change(async now => {
      const query = { strategyId: this.#strategyId, after: now.bookedSeq }
      const { value: news } = await venue.observe('results', query)
      const last = news.at(-1)
      if (last === undefined) return undefined
      return { next: { ...now, bookedSeq: last.seq }, results: ownResults(venue.id, news) }
    })
  }

  /**
   * Before anything leaves: whoever dies in between does not enter a second time on the same bar, and knows the stop.
   *
   * @param isHeld What is held is not forgotten.
   * @returns The way to forget it again, for when certainly nothing happened.
   */
  async noteEntry(
    symbol: string,
    entry: RememberedEntry,
    isHeld: (symbol: string) => boolean,
  ): Promise<() => Promise<void>> {
    const before = this.entryOf(symbol)
    await this.#setEntry(symbol, entry, isHeld)
    return () => this.#setEntry(symbol, before, isHeld)
  }

  #setEntry(symbol: string, entry: RememberedEntry | undefined, isHeld: (symbol: string) => boolean): Promise<void> {
    return this.#remembered.change(now => {
      const entries: Contents['entries'] = {}
      const forgetBefore = this.#context.clock.now() - this.#keepMs
      for (const [other, kept] of Object.entries(now.entries))
        if (other !== symbol && (kept.openTime >= forgetBefore || isHeld(other))) entries[other] = kept
      if (entry !== undefined) entries[symbol] = entry
      return { next: { ...now, entries } }
    })
  }
}
