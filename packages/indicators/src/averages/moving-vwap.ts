import type { Bar } from '../bar.ts'
import { checkFinite, checkPeriod, checkRange, checkVolume } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { RollingSum } from '../window/rolling-sum.ts'

/**
 * Volume-weighted average price of the last `period` bars; a bar's price is the mean of its open, high, low and close. Without any volume in
 * the window there is no value.
 */
export class MovingVwap extends StreamingIndicator<Bar, number> {
  readonly #turnover: RollingSum
  readonly #volume: RollingSum

  constructor(period: number) {
    super(`VWAP(${period})`, checkPeriod('VWAP', period))
    this.#turnover = new RollingSum(period)
    this.#volume = new RollingSum(period)
  }

  get value(): number | undefined {
    return this.#volume.isFull && this.#volume.sum > 0 ? this.#turnover.sum / this.#volume.sum : undefined
  }

  update(bar: Bar): number | undefined {
    checkRange(this.name, bar)
    checkFinite(this.name, 'open', bar.open)
    checkFinite(this.name, 'close', bar.close)
    checkVolume(this.name, bar.volume)
    this.#turnover.add(((bar.open + bar.high + bar.low + bar.close) / 4) * bar.volume)
    this.#volume.add(bar.volume)
    return this.value
  }

  save(to: number[]): void {
    this.#turnover.save(to)
    this.#volume.save(to)
  }

  load(from: StateReader): void {
    this.#turnover.load(from)
    this.#volume.load(from)
  }
}
