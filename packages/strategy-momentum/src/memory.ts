import type { StrategyContext, VenueReader } from '@org/core'
import { ownResults, type TradingQueries } from '@org/venue-trading/actions'
import { z } from 'zod'

const memorySchema = z.object({
  /** The newest of the venue's results that is booked. */
  bookedSeq: z.int().min(0),
  /** By symbol: start of the bar whose cross was acted upon, milliseconds since the epoch; what is long past is forgotten. */
  actedOn: z.record(z.string(), z.number()),
})

type Remembered = z.output<typeof memorySchema>

/** A bar is decided from until two more have gone by without one. */
const keptBars = 5

const atFirst: Remembered = { bookedSeq: 0, actedOn: {} }

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

  /** The bar whose cross was acted upon last. */
  actedOn(symbol: string): number | undefined {
    return this.#remembered.actedOn[symbol]
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
   * Before anything leaves: whoever dies in between does not enter a second time on the same bar.
   *
   * @returns The way to forget it again, for when certainly nothing happened.
   */
  async noteEntry(symbol: string, openTime: number): Promise<() => Promise<void>> {
    const before = this.actedOn(symbol)
    await this.#setActedOn(symbol, openTime)
    return () => this.#setActedOn(symbol, before)
  }

  #setActedOn(symbol: string, openTime: number | undefined): Promise<void> {
    return this.#inTurn(async () => {
      await this.#beSure()
      const actedOn: { [symbol: string]: number } = {}
      const forgetBefore = this.#context.clock.now() - this.#keepMs
      for (const [other, at] of Object.entries(this.#remembered.actedOn))
        if (other !== symbol && at >= forgetBefore) actedOn[other] = at
      if (openTime !== undefined) actedOn[symbol] = openTime
      const next = { ...this.#remembered, actedOn }
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
