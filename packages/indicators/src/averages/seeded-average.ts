import { notFinite } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'

/**
 * An average that begins as the mean of its first `period` values and then moves towards each new one by a fixed weight. Hot path: allocates
 * nothing. Errors of rounding fade with the same weight, so it does not drift.
 */
export abstract class SeededAverage extends StreamingIndicator<number, number> {
  readonly #period: number
  readonly #weight: number
  #count = 0
  /** The sum while warming up, the average from then on. */
  #average = 0

  constructor(name: string, period: number, weight: number) {
    super(name, period)
    this.#period = period
    this.#weight = weight
  }

  get value(): number | undefined {
    return this.#count === this.#period ? this.#average : undefined
  }

  update(value: number): number | undefined {
    if (!Number.isFinite(value)) throw notFinite(this.name, 'the value', value)
    if (this.#count === this.#period) {
      this.#average += this.#weight * (value - this.#average)
      return this.#average
    }
    this.#average += value
    this.#count++
    if (this.#count < this.#period) return undefined
    this.#average /= this.#period
    return this.#average
  }

  save(to: number[]): void {
    to.push(this.#count, this.#average)
  }

  load(from: StateReader): void {
    this.#count = from.count(this.#period)
    this.#average = from.number()
  }
}
