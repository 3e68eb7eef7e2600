import { Sma } from '../averages/sma.ts'
import { Wilder } from '../averages/wilder.ts'
import { checkFinite, checkPeriod } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'

/** How gains and losses are averaged: Wilder's smoothing, as in his book, or plain means of the last `period` changes (Cutler's RSI). */
export type RsiAverages = 'wilder' | 'simple'

/**
 * Relative strength index, 0 … 100: `100 − 100 / (1 + average gain / average loss)` of the changes from value to value. 100 where the window has no loss,
 * a flat market included.
 *
 * Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
 */
export class Rsi extends StreamingIndicator<number, number> {
  readonly #gains: Sma | Wilder
  readonly #losses: Sma | Wilder
  #hasPrevious = false
  #previous = 0

  constructor(period: number, { averages = 'wilder' }: { readonly averages?: RsiAverages } = {}) {
    super(`RSI(${period},${averages})`, checkPeriod('RSI', period) + 1)
    this.#gains = averages === 'wilder' ? new Wilder(period) : new Sma(period)
    this.#losses = averages === 'wilder' ? new Wilder(period) : new Sma(period)
  }

  get value(): number | undefined {
    const gain = this.#gains.value
    const loss = this.#losses.value
    if (gain === undefined || loss === undefined) return undefined
    return loss > 0 ? 100 - 100 / (1 + gain / loss) : 100
  }

  update(value: number): number | undefined {
    checkFinite(this.name, 'the value', value)
    if (this.#hasPrevious) {
      const change = value - this.#previous
      this.#gains.update(Math.max(0, change))
      this.#losses.update(Math.max(0, -change))
    }
    this.#hasPrevious = true
    this.#previous = value
    return this.value
  }

  save(to: number[]): void {
    this.#gains.save(to)
    this.#losses.save(to)
    to.push(this.#hasPrevious ? 1 : 0, this.#previous)
  }

  load(from: StateReader): void {
    this.#gains.load(from)
    this.#losses.load(from)
    this.#hasPrevious = from.count(1) === 1
    this.#previous = from.number()
  }
}
