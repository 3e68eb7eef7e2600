import type { StateReader } from '../state/state-reader.ts'
import type { Stateful } from '../state/stateful.ts'

/**
 * The highest of the last `period` numbers (or the lowest: `sign` −1), in amortised O(1): candidates wait in a queue that falls from the front to
 * the back; whoever is older and lower than a newcomer can never be the highest again and leaves.
 */
export class RollingExtreme implements Stateful {
  readonly #period: number
  readonly #sign: 1 | -1
  readonly #values: Float64Array
  /** When each candidate came, as a count of inputs. */
  readonly #times: Float64Array
  #front = 0
  #length = 0
  #time = 0

  constructor(period: number, sign: 1 | -1) {
    this.#period = period
    this.#sign = sign
    this.#values = new Float64Array(period)
    this.#times = new Float64Array(period)
  }

  get isFull(): boolean {
    return this.#time >= this.#period
  }

  get extreme(): number {
    return (this.#values[this.#front] as number) * this.#sign
  }

  /** How many inputs ago the extreme came; of equals the oldest. */
  get age(): number {
    return this.#time - 1 - (this.#times[this.#front] as number)
  }

  /** True when no other number of the window equals the extreme. */
  get isAlone(): boolean {
    return this.#length === 1 || (this.#values[this.#place(1)] as number) < (this.#values[this.#front] as number)
  }

  add(value: number): void {
    const signed = value * this.#sign
    // The front leaves first, so that the queue never holds more than the window.
    if (this.#length > 0 && (this.#times[this.#front] as number) <= this.#time - this.#period) {
      this.#front = this.#place(1)
      this.#length--
    }
    while (this.#length > 0 && (this.#values[this.#place(this.#length - 1)] as number) < signed) this.#length--
    const place = this.#place(this.#length++)
    this.#values[place] = signed
    this.#times[place] = this.#time++
  }

  #place(offset: number): number {
    const place = this.#front + offset
    return place < this.#period ? place : place - this.#period
  }

  save(to: number[]): void {
    to.push(this.#time, this.#length)
    for (let i = 0; i < this.#length; i++)
      to.push(this.#values[this.#place(i)] as number, this.#times[this.#place(i)] as number)
  }

  load(from: StateReader): void {
    this.#time = from.count(Number.MAX_SAFE_INTEGER)
    this.#length = from.count(this.#period)
    this.#front = 0
    for (let i = 0; i < this.#length; i++) {
      this.#values[i] = from.number()
      this.#times[i] = from.count(Number.MAX_SAFE_INTEGER)
    }
  }
}
