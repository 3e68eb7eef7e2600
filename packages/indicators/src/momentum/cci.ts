import type { HighLowClose } from '../bar.ts'
import { checkFinite, checkPeriod, checkRange } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { Ring } from '../window/ring.ts'
import { RollingSum } from '../window/rolling-sum.ts'

/**
 * Commodity channel index (D. Lambert, 1980): (typical price − its mean) / (0.015 × mean distance from that mean), over `period` bars; typical price =
 * (high + low + close) / 3. 0 where all typical prices of the window are equal.
 *
 * The mean distance is from a mean that moves with every bar, so each bar looks at the whole window: O(`period`), the only one here.
 */
export class Cci extends StreamingIndicator<HighLowClose, number> {
  readonly #period: number
  readonly #prices: Ring
  readonly #sum: RollingSum
  #typical = 0

  constructor(period: number) {
    super(`CCI(${period})`, checkPeriod('CCI', period))
    this.#period = period
    this.#prices = new Ring(period)
    this.#sum = new RollingSum(period)
  }

  get value(): number | undefined {
    if (!this.#prices.isFull) return undefined
    const mean = this.#sum.sum / this.#period
    const distance = this.#prices.sumOfDistances(mean) / this.#period
    // What rounding leaves of a flat window is no distance.
    return distance > Math.abs(mean) * 1e-14 ? (this.#typical - mean) / (0.015 * distance) : 0
  }

  update(bar: HighLowClose): number | undefined {
    checkRange(this.name, bar)
    checkFinite(this.name, 'close', bar.close)
    this.#typical = (bar.high + bar.low + bar.close) / 3
    this.#prices.push(this.#typical)
    this.#sum.add(this.#typical)
    return this.value
  }

  save(to: number[]): void {
    this.#prices.save(to)
    this.#sum.save(to)
    to.push(this.#typical)
  }

  load(from: StateReader): void {
    this.#prices.load(from)
    this.#sum.load(from)
    this.#typical = from.number()
  }
}
