import type { Candle, Ticker } from '@org/venue-trading/actions'

/** Makes bars of ticks: the middle of bid and ask, or the last price where one side is missing. */
export class TickBars {
  readonly #barMs: number
  #openTime = Number.NEGATIVE_INFINITY
  /** The first bar was not seen from its start and is never given. */
  #isWhole = false
  #open = 0
  #high = 0
  #low = 0
  #close = 0

  constructor(barMs: number) {
    this.#barMs = barMs
  }

  /**
   * The bar that has ended with this tick. Hot path: every tick of every symbol. A bar without ticks does not exist; a tick from the past is passed
   * over.
   */
  update({ bid, ask, last, at }: Ticker): Candle | undefined {
    const price = bid !== undefined && ask !== undefined ? (Number(bid) + Number(ask)) / 2 : Number(last)
    if (!Number.isFinite(price) || price <= 0 || !Number.isFinite(at)) return undefined
    if (at < this.#openTime) return undefined
    if (at < this.#openTime + this.#barMs) {
      if (price > this.#high) this.#high = price
      if (price < this.#low) this.#low = price
      this.#close = price
      return undefined
    }
    const ended = this.#isWhole ? this.#bar() : undefined
    this.#isWhole = Number.isFinite(this.#openTime)
    this.#openTime = at - (at % this.#barMs)
    this.#open = this.#high = this.#low = this.#close = price
    return ended
  }

  #bar(): Candle {
    return {
      openTime: this.#openTime,
      open: this.#open,
      high: this.#high,
      low: this.#low,
      close: this.#close,
      volume: 0,
      isClosed: true,
    }
  }
}
