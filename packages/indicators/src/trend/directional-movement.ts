import { Wilder } from '../averages/wilder.ts'
import type { HighLowClose } from '../bar.ts'
import { checkPeriod } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { TrueRange } from '../volatility/true-range.ts'

export interface DirectionalMovementValue {
  /** +DI, 0 … 100: the part of the true range that went up to new highs. */
  readonly plusDi: number
  /** −DI, 0 … 100. */
  readonly minusDi: number
  /** Directional movement index, 0 … 100: `100 × |+DI − −DI| / (+DI + −DI)`; 0 where nothing moved. */
  readonly dx: number
}

/**
 * Wilder's directional movement. A bar counts as up where its high rose more than its low fell, as down the other way round, as neither where they
 * are equal; movements and true ranges are smoothed by {@link Wilder}. The first bar only gives something to compare with.
 *
 * Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
 */
export class DirectionalMovement extends StreamingIndicator<HighLowClose, DirectionalMovementValue> {
  readonly #trueRange = new TrueRange()
  readonly #ranges: Wilder
  readonly #ups: Wilder
  readonly #downs: Wilder
  #hasPrevious = false
  #previousHigh = 0
  #previousLow = 0

  constructor(period: number) {
    super(`DirectionalMovement(${period})`, checkPeriod('DirectionalMovement', period) + 1)
    this.#ranges = new Wilder(period)
    this.#ups = new Wilder(period)
    this.#downs = new Wilder(period)
  }

  get value(): DirectionalMovementValue | undefined {
    const range = this.#ranges.value
    const up = this.#ups.value
    const down = this.#downs.value
    if (range === undefined || up === undefined || down === undefined) return undefined
    if (range === 0) return { plusDi: 0, minusDi: 0, dx: 0 }
    const both = up + down
    return {
      plusDi: (100 * up) / range,
      minusDi: (100 * down) / range,
      dx: both === 0 ? 0 : (100 * Math.abs(up - down)) / both,
    }
  }

  update(bar: HighLowClose): DirectionalMovementValue | undefined {
    const range = this.#trueRange.update(bar)
    if (this.#hasPrevious) {
      const up = bar.high - this.#previousHigh
      const down = this.#previousLow - bar.low
      this.#ranges.update(range)
      this.#ups.update(up > down && up > 0 ? up : 0)
      this.#downs.update(down > up && down > 0 ? down : 0)
    }
    this.#hasPrevious = true
    this.#previousHigh = bar.high
    this.#previousLow = bar.low
    return this.value
  }

  save(to: number[]): void {
    for (const part of [this.#trueRange, this.#ranges, this.#ups, this.#downs]) part.save(to)
    to.push(this.#hasPrevious ? 1 : 0, this.#previousHigh, this.#previousLow)
  }

  load(from: StateReader): void {
    for (const part of [this.#trueRange, this.#ranges, this.#ups, this.#downs]) part.load(from)
    this.#hasPrevious = from.count(1) === 1
    this.#previousHigh = from.number()
    this.#previousLow = from.number()
  }
}
