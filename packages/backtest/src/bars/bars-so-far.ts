import { AutomationError } from '@org/core'
import type { Bar } from './bar.ts'
import type { BarColumns } from './bar-columns.ts'

/** What a decision may look at: the bars up to now. Reading a later one throws instead of making a backtest look good. */
export class BarsSoFar {
  readonly #columns: BarColumns
  #length = 0

  constructor(columns: BarColumns) {
    this.#columns = columns
  }

  /** How many bars are known. */
  get length(): number {
    return this.#length
  }

  /** Lets `length` bars be seen. */
  reveal(length: number): void {
    this.#length = length
  }

  /** @throws AutomationError `LOOK_AHEAD` for a bar that is not over yet. */
  close(i: number): number {
    return this.#columns.close[this.#known(i)] as number
  }

  high(i: number): number {
    return this.#columns.high[this.#known(i)] as number
  }

  low(i: number): number {
    return this.#columns.low[this.#known(i)] as number
  }

  at(i: number): Bar {
    return this.#columns.at(this.#known(i))
  }

  #known(i: number): number {
    if (i >= 0 && i < this.#length) return i
    throw new AutomationError({
      code: 'LOOK_AHEAD',
      message: `bar ${i} was read when bars 0 to ${this.#length - 1} were known: decide from what is over`,
    })
  }
}
