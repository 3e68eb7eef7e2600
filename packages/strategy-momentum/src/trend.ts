import { Atr, Ema } from '@org/indicators'
import type { Candle } from '@org/venue-trading/actions'

/** What the averages say after a bar. */
export interface TrendPoint {
  /** Start of the bar, milliseconds since the epoch. */
  readonly openTime: number
  readonly close: number
  readonly fast: number
  readonly slow: number
  /** Average true range, in the quote asset. */
  readonly atr: number
  /** `up` while the fast average is above the slow one. */
  readonly direction: 'up' | 'down'
  /** On this very bar the direction has changed. */
  readonly hasCrossed: boolean
}

/** The averages of one symbol, bar by bar; each bar costs the same, however many came before. */
export class Trend {
  readonly #fast: Ema
  readonly #slow: Ema
  readonly #atr: Atr
  #point: TrendPoint | undefined
  #lastOpenTime = Number.NEGATIVE_INFINITY

  constructor(periods: { readonly fastPeriod: number; readonly slowPeriod: number; readonly atrPeriod: number }) {
    this.#fast = new Ema(periods.fastPeriod)
    this.#slow = new Ema(periods.slowPeriod)
    this.#atr = new Atr(periods.atrPeriod)
  }

  /** Start of the newest bar; −Infinity before the first. */
  get lastOpenTime(): number {
    return this.#lastOpenTime
  }

  /** `undefined` until there were enough bars. */
  get point(): TrendPoint | undefined {
    return this.#point
  }

  /** Takes a closed bar; one that is not newer than the last changes nothing. */
  update({ openTime, high, low, close }: Candle): TrendPoint | undefined {
    if (openTime <= this.#lastOpenTime) return this.#point
    this.#lastOpenTime = openTime
    const fast = this.#fast.update(close)
    const slow = this.#slow.update(close)
    const atr = this.#atr.update({ high, low, close })
    if (fast === undefined || slow === undefined || atr === undefined) return undefined
    const direction = fast > slow ? 'up' : 'down'
    const hasCrossed = this.#point !== undefined && this.#point.direction !== direction
    this.#point = { openTime, close, fast, slow, atr, direction, hasCrossed }
    return this.#point
  }
}
