import type { StateReader } from '../state/state-reader.ts'
import type { Stateful } from '../state/stateful.ts'
import { Ring } from './ring.ts'

/**
 * Sum of the last `period` numbers, O(1) per number.
 *
 * A sum that is only added to and subtracted from drifts away with every rounding. Here a second sum starts anew whenever the ring comes round;
 * after `period` additions it is the sum of the window, made without a subtraction, and takes the first one's place. So a value rests on at
 * most two windows of operations, after a million bars as after a hundred.
 */
export class RollingSum implements Stateful {
  readonly #ring: Ring
  #sum = 0
  #fresh = 0
  #nonZeroCount = 0

  constructor(period: number) {
    this.#ring = new Ring(period)
  }

  get isFull(): boolean {
    return this.#ring.isFull
  }

  get sum(): number {
    return this.#sum
  }

  add(value: number): void {
    const out = this.#ring.push(value)
    if (value !== 0) this.#nonZeroCount++
    if (out !== 0) this.#nonZeroCount--
    // A window of zeros sums to zero, not to a leftover of rounding that somebody divides by.
    this.#sum = this.#nonZeroCount === 0 ? 0 : this.#sum + value - out
    this.#fresh += value
    if (this.#ring.isAtStart) {
      this.#sum = this.#fresh
      this.#fresh = 0
    }
  }

  save(to: number[]): void {
    this.#ring.save(to)
    to.push(this.#sum, this.#fresh, this.#nonZeroCount)
  }

  load(from: StateReader): void {
    this.#ring.load(from)
    this.#sum = from.number()
    this.#fresh = from.number()
    this.#nonZeroCount = from.count(this.#ring.size)
  }
}
