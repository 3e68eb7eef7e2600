import { checkFinite, checkPeriod } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { RollingMoments } from '../window/rolling-moments.ts'

/** Population standard deviation of the last `period` values: divided by their number, not by one less. */
export class StandardDeviation extends StreamingIndicator<number, number> {
  readonly #window: RollingMoments

  constructor(period: number) {
    super(`StandardDeviation(${period})`, checkPeriod('StandardDeviation', period))
    this.#window = new RollingMoments(period)
  }

  get value(): number | undefined {
    return this.#window.isFull ? Math.sqrt(this.#window.variance) : undefined
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
