import type { StateReader } from '../state/state-reader.ts'
import type { Stateful } from '../state/stateful.ts'
import { Ring } from './ring.ts'

/**
 * Sum of the last `period` numbers, in amortised O(1), without ever subtracting.
 *
 * A sum from which the oldest number is taken away drifts with every rounding, and keeps the lost digits of a spike that has long left. Here the window
 * is two parts: what has come since the ring last came round, summed as it comes, and the rest of the round before, whose sums from each place to the end
 * are made once per round. So a value rests on the numbers of its window and nothing else, after a million bars as after a hundred.
 */
export class RollingSum implements Stateful {
  readonly #ring: Ring
  /** Sum of the round before, from each place to the end. */
  readonly #rest: Float64Array
  #fresh = 0

  constructor(period: number) {
    this.#ring = new Ring(period)
    this.#rest = new Float64Array(period)
  }

  get isFull(): boolean {
    return this.#ring.isFull
  }

  get sum(): number {
    return (this.#rest[this.#ring.next] as number) + this.#fresh
  }

  add(value: number): void {
    this.#ring.push(value)
    this.#fresh += value
    if (this.#ring.next === 0) {
      this.#sumUp(0)
      this.#fresh = 0
    }
  }

  #sumUp(from: number): void {
    let sum = 0
    for (let place = this.#ring.size - 1; place >= from; place--) {
      sum += this.#ring.at(place)
      this.#rest[place] = sum
    }
  }

  save(to: number[]): void {
    this.#ring.save(to)
    to.push(this.#fresh)
  }

  load(from: StateReader): void {
    this.#ring.load(from)
    this.#fresh = from.number()
    this.#sumUp(this.#ring.next)
  }
}
