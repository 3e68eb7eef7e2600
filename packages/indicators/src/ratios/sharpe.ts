import { checkFinite, checkPeriod } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { RollingMoments } from '../window/rolling-moments.ts'
import { Returns } from './returns.ts'

/**
 * Sharpe ratio of the last `period` returns from value to value: (mean − risk-free return per bar) / population standard deviation. Not annualised. 0
 * where the returns do not differ.
 */
export class Sharpe extends StreamingIndicator<number, number> {
  readonly #returns: Returns
  readonly #window: RollingMoments
  readonly #riskFreeReturn: number

  constructor(period: number, { riskFreeReturn = 0 }: { readonly riskFreeReturn?: number } = {}) {
    super(`Sharpe(${period},${riskFreeReturn})`, checkPeriod('Sharpe', period) + 1)
    checkFinite('Sharpe', 'riskFreeReturn', riskFreeReturn)
    this.#returns = new Returns(this.name)
    this.#window = new RollingMoments(period)
    this.#riskFreeReturn = riskFreeReturn
  }

  get value(): number | undefined {
    if (!this.#window.isFull) return undefined
    const deviation = Math.sqrt(this.#window.variance)
    return deviation === 0 ? 0 : (this.#window.mean - this.#riskFreeReturn) / deviation
  }

  update(price: number): number | undefined {
    const change = this.#returns.next(price)
    if (change !== undefined) this.#window.add(change)
    return this.value
  }

  save(to: number[]): void {
    this.#returns.save(to)
    this.#window.save(to)
  }

  load(from: StateReader): void {
    this.#returns.load(from)
    this.#window.load(from)
  }
}
