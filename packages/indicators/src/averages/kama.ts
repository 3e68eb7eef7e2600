import { checkFinite, checkPeriod } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { Ring } from '../window/ring.ts'
import { RollingSum } from '../window/rolling-sum.ts'

const fastWeight = 2 / (2 + 1)
const slowWeight = 2 / (30 + 1)

/**
 * Kaufman's adaptive moving average, with his constants 2 and 30. It follows fast where the price goes straight, and hardly moves where it goes to and fro:
 * efficiency = |change over `period`| / sum of the |changes| in it; weight = (efficiency × (2/3 − 2/31) + 2/31)². The first average before it is the
 * price before the first value.
 *
 * Where the price has not moved at all, efficiency counts as 1, as in TA-Lib and LEAN.
 *
 * Source: P. J. Kaufman, Trading Systems and Methods.
 */
export class Kama extends StreamingIndicator<number, number> {
  readonly #closes: Ring
  readonly #changes: RollingSum
  #previous = 0
  #average = 0

  constructor(period: number) {
    super(`KAMA(${period})`, checkPeriod('KAMA', period) + 1)
    this.#closes = new Ring(period)
    this.#changes = new RollingSum(period)
  }

  get value(): number | undefined {
    return this.#changes.isFull ? this.#average : undefined
  }

  update(value: number): number | undefined {
    checkFinite(this.name, 'the value', value)
    const isFirst = this.#closes.count === 0
    const wasFull = this.#closes.isFull
    const wasReady = this.#changes.isFull
    const periodAgo = this.#closes.push(value)
    if (!isFirst) this.#changes.add(Math.abs(value - this.#previous))
    if (wasFull) {
      const path = this.#changes.sum
      const efficiency = path > 0 ? Math.min(1, Math.abs(value - periodAgo) / path) : 1
      const weight = (efficiency * (fastWeight - slowWeight) + slowWeight) ** 2
      const before = wasReady ? this.#average : this.#previous
      this.#average = before + weight * (value - before)
    }
    this.#previous = value
    return this.value
  }

  save(to: number[]): void {
    this.#closes.save(to)
    this.#changes.save(to)
    to.push(this.#previous, this.#average)
  }

  load(from: StateReader): void {
    this.#closes.load(from)
    this.#changes.load(from)
    this.#previous = from.number()
    this.#average = from.number()
  }
}
