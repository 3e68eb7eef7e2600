import type { StateReader } from '../state/state-reader.ts'
import type { Stateful } from '../state/stateful.ts'
import { Ring } from './ring.ts'

/**
 * Mean and population variance of the last `period` numbers, O(1) per number, by Welford's updates (Technometrics 4, 1962) and not by a sum of
 * squares, which loses all digits where prices are high and moves small. Like {@link RollingSum}, it is made anew with every window.
 */
export class RollingMoments implements Stateful {
  readonly #ring: Ring
  #mean = 0
  #squares = 0
  #freshCount = 0
  #freshMean = 0
  #freshSquares = 0

  constructor(period: number) {
    this.#ring = new Ring(period)
  }

  get isFull(): boolean {
    return this.#ring.isFull
  }

  get mean(): number {
    return this.#mean
  }

  /** Population variance: divided by the number of values, not by one less. */
  get variance(): number {
    return Math.max(0, this.#squares / this.#ring.size)
  }

  add(value: number): void {
    const wasFull = this.#ring.isFull
    const out = this.#ring.push(value)
    this.#addFresh(value)
    if (this.#ring.isAtStart) {
      this.#mean = this.#freshMean
      this.#squares = this.#freshSquares
      this.#freshCount = this.#freshMean = this.#freshSquares = 0
    } else if (wasFull) {
      const before = this.#mean
      this.#mean = before + (value - out) / this.#ring.size
      this.#squares += (value - out) * (value - this.#mean + (out - before))
    }
  }

  #addFresh(value: number): void {
    const distance = value - this.#freshMean
    this.#freshCount++
    this.#freshMean += distance / this.#freshCount
    this.#freshSquares += distance * (value - this.#freshMean)
  }

  save(to: number[]): void {
    this.#ring.save(to)
    to.push(this.#mean, this.#squares, this.#freshCount, this.#freshMean, this.#freshSquares)
  }

  load(from: StateReader): void {
    this.#ring.load(from)
    this.#mean = from.number()
    this.#squares = from.number()
    this.#freshCount = from.count(this.#ring.size)
    this.#freshMean = from.number()
    this.#freshSquares = from.number()
  }
}
