import type { StrategyContext, VenueReader } from '@org/core'
import { ownResults, type TradingQueries } from '@org/venue-trading/actions'
import { z } from 'zod'

const memorySchema = z.object({
  /** The newest of the venue's results that is booked. */
  bookedSeq: z.int().min(0),
  /** By symbol: start of the bar whose cross was acted upon, milliseconds since the epoch. */
  actedOn: z.record(z.string(), z.number()),
})

type Remembered = z.output<typeof memorySchema>

/**
 * What the strategy remembers over restarts; averages are made anew from candles, positions come from the venue. One write at a time, each on top of
 * the one before: scans and ticks remember side by side.
 */
export class Memory {
  readonly #context: StrategyContext
  readonly #strategyId: string
  #remembered: Remembered
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(context: StrategyContext, strategyId: string, remembered: Remembered) {
    this.#context = context
    this.#strategyId = strategyId
    this.#remembered = remembered
  }

  /** @throws AutomationError `STATE_UNREADABLE` */
  static async open(context: StrategyContext, strategyId: string): Promise<Memory> {
    const remembered = (await context.state.load(memorySchema)) ?? { bookedSeq: 0, actedOn: {} }
    return new Memory(context, strategyId, remembered)
  }

  /** The bar whose cross was acted upon last. */
  actedOn(symbol: string): number | undefined {
    return this.#remembered.actedOn[symbol]
  }

  /** What the venue says happened since: booked once, together with how far we are. */
  bookResults(venue: VenueReader<TradingQueries>): Promise<void> {
    return this.#inTurn(async () => {
      const after = this.#remembered.bookedSeq
      const { value: news } = await venue.observe('results', { strategyId: this.#strategyId, after })
      const last = news.at(-1)
      if (last === undefined) return
      const next = { ...this.#remembered, bookedSeq: last.seq }
      await this.#context.recordAll(ownResults(venue.id, news), next)
      this.#remembered = next
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
      const { [symbol]: _, ...others } = this.#remembered.actedOn
      const actedOn = openTime === undefined ? others : { ...others, [symbol]: openTime }
      const next = { ...this.#remembered, actedOn }
      await this.#context.state.save(next)
      this.#remembered = next
    })
  }

  #inTurn(write: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(write)
    this.#turn = turn.catch(() => {})
    return turn
  }
}
