import type { StrategyContext, VenueReader } from '@org/core'
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

type Remembered = z.output<typeof memorySchema>
export type RememberedEntry = Readonly<Remembered['entries'][string]>

/** A bar is decided from until two more have gone by without one. */
const keptBars = 5

const atFirst: Remembered = { bookedSeq: 0, entries: {} }

/**
 * What the strategy remembers over restarts; averages are made anew from candles, positions come from the venue. One write at a time, each on top of
 * the one before: scans and ticks remember side by side.
 */
export class Memory {
  readonly #context: StrategyContext
  readonly #strategyId: string
  /** Nobody decides from bars that are older. */
  readonly #keepMs: number
  #remembered: Remembered
  /** A write has failed and may be there all the same. */
  #isUnsure = false
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(context: StrategyContext, strategyId: string, keepMs: number, remembered: Remembered) {
    this.#context = context
    this.#strategyId = strategyId
    this.#keepMs = keepMs
    this.#remembered = remembered
  }

  /** @throws AutomationError `STATE_UNREADABLE` */
  static async open(context: StrategyContext, strategyId: string, barMs: number): Promise<Memory> {
    return new Memory(context, strategyId, keptBars * barMs, (await context.state.load(memorySchema)) ?? atFirst)
  }

  entryOf(symbol: string): RememberedEntry | undefined {
    return this.#remembered.entries[symbol]
  }

  /** What the venue says happened since: booked once, together with how far we are. */
  bookResults(venue: VenueReader<TradingQueries>): Promise<void> {
    return this.#inTurn(async () => {
      await this.#beSure()
      const after = this.#remembered.bookedSeq
      const { value: news } = await venue.observe('results', { strategyId: this.#strategyId, after })
      const last = news.at(-1)
      if (last === undefined) return
      const next = { ...this.#remembered, bookedSeq: last.seq }
      await this.#write(next, () => this.#context.recordAll(ownResults(venue.id, news), next))
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
    return this.#inTurn(async () => {
      await this.#beSure()
      const entries: Remembered['entries'] = {}
      const forgetBefore = this.#context.clock.now() - this.#keepMs
      for (const [other, kept] of Object.entries(this.#remembered.entries))
        if (other !== symbol && (kept.openTime >= forgetBefore || isHeld(other))) entries[other] = kept
      if (entry !== undefined) entries[symbol] = entry
      const next = { ...this.#remembered, entries }
      await this.#write(next, () => this.#context.state.save(next))
    })
  }

  #inTurn(write: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(write)
    this.#turn = turn.catch(() => {})
    return turn
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
