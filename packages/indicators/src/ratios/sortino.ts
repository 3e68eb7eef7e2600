import { checkFinite, checkPeriod } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { RollingSum } from '../window/rolling-sum.ts'
import { Returns } from './returns.ts'

/**
 * Sortino ratio of the last `period` returns: (mean − minimum acceptable return per bar) / root of the mean of squared shortfalls, over all
 * `period` returns. Not annualised. 0 where no return fell short.
 *
 * Source: F. Sortino, and T. Rollinger and S. Hoffman, Sortino: A ‘Sharper’ Ratio.
 */
export class Sortino extends StreamingIndicator<number, number> {
  readonly #period: number
  readonly #minimumReturn: number
  readonly #returns: Returns
  readonly #sum: RollingSum
  readonly #shortfalls: RollingSum

  constructor(period: number, { minimumReturn = 0 }: { readonly minimumReturn?: number } = {}) {
    super(`Sortino(${period},${minimumReturn})`, checkPeriod('Sortino', period) + 1)
    checkFinite('Sortino', 'minimumReturn', minimumReturn)
    this.#period = period
    this.#minimumReturn = minimumReturn
    this.#returns = new Returns(this.name)
    this.#sum = new RollingSum(period)
    this.#shortfalls = new RollingSum(period)
  }

  get value(): number | undefined {
    if (!this.#sum.isFull) return undefined
    const shortfall = Math.sqrt(Math.max(0, this.#shortfalls.sum / this.#period))
    return shortfall === 0 ? 0 : (this.#sum.sum / this.#period - this.#minimumReturn) / shortfall
  }

  update(price: number): number | undefined {
    const change = this.#returns.next(price)
    if (change !== undefined) {
      this.#sum.add(change)
      this.#shortfalls.add(Math.min(change - this.#minimumReturn, 0) ** 2)
    }
    return this.value
  }

  save(to: number[]): void {
    for (const part of [this.#returns, this.#sum, this.#shortfalls]) part.save(to)
  }

  load(from: StateReader): void {
    for (const part of [this.#returns, this.#sum, this.#shortfalls]) part.load(from)
  }
}
