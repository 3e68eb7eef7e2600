import type { StateReader } from '../state/state-reader.ts'
import type { Stateful } from '../state/stateful.ts'

/** The last `size` numbers. */
export class Ring implements Stateful {
  readonly size: number
  readonly #values: Float64Array
  #count = 0
  #next = 0

  constructor(size: number) {
    this.size = size
    this.#values = new Float64Array(size)
  }

  get isFull(): boolean {
    return this.#count === this.size
  }

  get count(): number {
    return this.#count
  }

  /** Where the next number goes: 0 when a whole number of windows has been pushed. */
  get next(): number {
    return this.#next
  }

  /** The number at a place; the newest stand before {@link next}, the oldest from there on. */
  at(place: number): number {
    return this.#values[place] as number
  }

  /** Adds a number and gives the one that falls out, 0 while none does. */
  push(value: number): number {
    const place = this.#next
    const out = this.#values[place] as number
    this.#values[place] = value
    this.#next = place + 1 === this.size ? 0 : place + 1
    if (this.#count < this.size) this.#count++
    return out
  }

  /** The number that the next push drops. Only of a full ring. */
  oldest(): number {
    return this.#values[this.#next] as number
  }

  /** Sum of distances from `center`. */
  sumOfDistances(center: number): number {
    let sum = 0
    for (let i = 0; i < this.#count; i++) sum += Math.abs((this.#values[i] as number) - center)
    return sum
  }

  save(to: number[]): void {
    to.push(this.#count, this.#next)
    for (let i = 0; i < this.#count; i++) to.push(this.#values[i] as number)
  }

  load(from: StateReader): void {
    this.#count = from.count(this.size)
    this.#next = from.count(this.size - 1)
    this.#values.fill(0)
    for (let i = 0; i < this.#count; i++) this.#values[i] = from.number()
  }
}
