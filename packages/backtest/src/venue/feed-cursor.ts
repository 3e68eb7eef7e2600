import { AutomationError, durationMs } from '@org/core'
import type { Candle } from '@org/venue-trading/actions'
import type { Bar } from '../bars/bar.ts'
import type { BarColumns } from '../bars/bar-columns.ts'
import type { Market } from '../broker/market.ts'

/** Finished bars that can still be asked for while streaming; older ones are forgotten. */
const historyMin = 20_000

/**
 * One feed of bars on its way through time: what is over can be asked for, what is to come cannot be.
 *
 * A hot path: moving on allocates nothing.
 */
export class FeedCursor {
  readonly symbol: string
  readonly timeframe: string
  readonly stepMs: number
  /** When the next bar is over; `Infinity`: there is none, `NaN`: {@link FeedCursor.load} must be asked. */
  closeAt = Number.NaN
  /** Whose prices its bars move; `undefined` where a shorter feed of the symbol does. */
  market: Market | undefined
  /** The bar that was taken last; the same object each time. */
  readonly bar: { -readonly [K in keyof Bar]: Bar[K] } = { openTime: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 }
  readonly #source: AsyncIterator<BarColumns> | undefined
  #chunks: BarColumns[] = []
  /** The next bar: an index into the last chunk. */
  #next = 0

  /** @throws InvalidInputError `INVALID_DURATION` for a timeframe that is none. */
  constructor(symbol: string, timeframe: string, bars: BarColumns | AsyncIterable<BarColumns>) {
    this.symbol = symbol
    this.timeframe = timeframe
    this.stepMs = durationMs(timeframe)
    if (Symbol.asyncIterator in bars) this.#source = bars[Symbol.asyncIterator]()
    else this.#begin(bars)
  }

  /** Fetches the next piece. */
  async load(): Promise<void> {
    if (!Number.isNaN(this.closeAt)) return
    const next = await this.#source?.next()
    if (next === undefined || next.done === true) this.closeAt = Number.POSITIVE_INFINITY
    else this.#begin(next.value)
  }

  /** The open of the next bar, where that bar has begun by `nowMs`: a price of now, not of the future. */
  openNow(nowMs: number): { readonly time: number; readonly price: number } | undefined {
    const chunk = this.#chunks[this.#chunks.length - 1]
    const time = chunk?.openTime[this.#next]
    if (chunk === undefined || time === undefined || time > nowMs) return undefined
    return { time, price: chunk.open[this.#next] as number }
  }

  /** Moves to the bar that is over now. */
  take(): Bar {
    const chunk = this.#chunks[this.#chunks.length - 1] as BarColumns
    const i = this.#next++
    const { bar } = this
    bar.openTime = chunk.openTime[i] as number
    bar.open = chunk.open[i] as number
    bar.high = chunk.high[i] as number
    bar.low = chunk.low[i] as number
    bar.close = chunk.close[i] as number
    bar.volume = chunk.volume[i] as number
    this.#look(chunk)
    return bar
  }

  /**
   * Finished bars, oldest first: from `since` on or the newest ones, at most `limit`.
   *
   * @throws AutomationError `LOOK_AHEAD` when `since` is after now.
   */
  candles(since: number | undefined, limit: number, nowMs: number): Candle[] {
    if (since !== undefined && since > nowMs)
      throw new AutomationError({
        code: 'LOOK_AHEAD',
        message: `${this.symbol} ${this.timeframe}: bars since ${new Date(since).toISOString()} were asked for at ${new Date(nowMs).toISOString()}: the future is not known`,
      })
    const found: Candle[] = []
    let c = this.#chunks.length - 1
    let i = this.#next - 1
    // Backwards from the newest: that is where strategies look.
    for (; c >= 0; c--, i = (this.#chunks[c]?.length ?? 0) - 1) {
      const chunk = this.#chunks[c] as BarColumns
      for (; i >= 0; i--) {
        if (since === undefined ? found.length >= limit : (chunk.openTime[i] as number) < since)
          return ordered(found, limit)
        found.push(candleAt(chunk, i))
      }
    }
    return ordered(found, limit)
  }

  #begin(chunk: BarColumns): void {
    const [, ...younger] = this.#chunks
    if (younger.reduce((sum, { length }) => sum + length, 0) >= historyMin) this.#chunks = younger
    this.#chunks.push(chunk)
    this.#next = 0
    this.#look(chunk)
  }

  #look(chunk: BarColumns): void {
    if (this.#next < chunk.length) this.closeAt = (chunk.openTime[this.#next] as number) + this.stepMs
    else this.closeAt = this.#source === undefined ? Number.POSITIVE_INFINITY : Number.NaN
  }
}

function candleAt({ openTime, open, high, low, close, volume }: BarColumns, i: number): Candle {
  return {
    openTime: openTime[i] as number,
    open: open[i] as number,
    high: high[i] as number,
    low: low[i] as number,
    close: close[i] as number,
    volume: volume[i] as number,
    isClosed: true,
  }
}

/** The oldest `limit` of what was found from `since` on, as exchanges do. */
function ordered(found: Candle[], limit: number): Candle[] {
  if (found.length > 1) found.reverse()
  return found.length > limit ? found.slice(0, limit) : found
}
