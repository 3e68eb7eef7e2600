import { checkFinite, checkPeriod } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { RollingSum } from '../window/rolling-sum.ts'

/** Simple moving average: the mean of the last `period` values. */
export class Sma extends StreamingIndicator<number, number> {
  readonly #period: number
  readonly #window: RollingSum

  constructor(period: number) {
    super(`SMA(${period})`, checkPeriod('SMA', period))
    this.#period = period
    this.#window = new RollingSum(period)
  }

  get value(): number | undefined {
    return this.#window.isFull ? this.#window.sum / this.#period : undefined
  }

  update(value: number): number | undefined {
    checkFinite(this.name, 'the value', value)
    this.#window.add(value)
    return this.value
  }

  save(to: number[]): void {
    this.#window.save(to)
  }

  load(from: StateReader): void {
    this.#window.load(from)
  }
}
