import { checkFinite, checkPeriod } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { Ring } from '../window/ring.ts'

/** Compares each value with the one `period` inputs before. */
abstract class Comparison extends StreamingIndicator<number, number> {
  readonly #window: Ring
  #newest = 0

  constructor(name: string, period: number) {
    super(`${name}(${period})`, checkPeriod(name, period) + 1)
    this.#window = new Ring(period + 1)
  }

  protected abstract compare(newest: number, periodAgo: number): number

  get value(): number | undefined {
    return this.#window.isFull ? this.compare(this.#newest, this.#window.oldest()) : undefined
  }

  update(value: number): number | undefined {
    checkFinite(this.name, 'the value', value)
    this.#window.push(value)
    this.#newest = value
    return this.value
  }

  save(to: number[]): void {
    this.#window.save(to)
    to.push(this.#newest)
  }

  load(from: StateReader): void {
    this.#window.load(from)
    this.#newest = from.number()
  }
}

/** Momentum: the value less the one `period` inputs ago. */
export class Momentum extends Comparison {
  constructor(period: number) {
    super('Momentum', period)
  }

  protected override compare(newest: number, periodAgo: number): number {
    return newest - periodAgo
  }
}

/** Rate of change in per cent: `100 × (value / value period inputs ago − 1)`; 0 where the older value is 0. */
export class RateOfChange extends Comparison {
  constructor(period: number) {
    super('ROC', period)
  }

  protected override compare(newest: number, periodAgo: number): number {
    return periodAgo === 0 ? 0 : (100 * (newest - periodAgo)) / periodAgo
  }
}
