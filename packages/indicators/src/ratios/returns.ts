import { InvalidInputError } from '@org/core'
import { checkFinite } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { Stateful } from '../state/stateful.ts'

/** Simple returns from price to price: `price / previous − 1`. A price of zero or below has none and is refused. */
export class Returns implements Stateful {
  readonly #indicator: string
  #hasPrevious = false
  #previous = 0

  constructor(indicator: string) {
    this.#indicator = indicator
  }

  /** The return up to `price`; `undefined` for the first one. */
  next(price: number): number | undefined {
    checkFinite(this.#indicator, 'the price', price)
    if (price <= 0)
      throw new InvalidInputError({
        message: `${this.#indicator}: expected a price above 0, was ${price}; skip or repair the bar`,
      })
    const change = this.#hasPrevious ? (price - this.#previous) / this.#previous : undefined
    this.#hasPrevious = true
    this.#previous = price
    return change
  }

  save(to: number[]): void {
    to.push(this.#hasPrevious ? 1 : 0, this.#previous)
  }

  load(from: StateReader): void {
    this.#hasPrevious = from.count(1) === 1
    this.#previous = from.number()
  }
}
