import type { Quote } from './feed.ts'

/** One feed of quotes on its way through time. */
export class QuoteCursor {
  readonly symbol: string
  readonly #quotes: readonly Quote[]
  #next = 0

  constructor(symbol: string, quotes: readonly Quote[]) {
    this.symbol = symbol
    this.#quotes = quotes
  }

  /** When the next quote comes; `Infinity`: never. */
  get closeAt(): number {
    return this.#quotes[this.#next]?.at ?? Number.POSITIVE_INFINITY
  }

  take(): Quote {
    return this.#quotes[this.#next++] as Quote
  }
}
