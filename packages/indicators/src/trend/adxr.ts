import type { HighLowClose } from '../bar.ts'
import { checkPeriod } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { Ring } from '../window/ring.ts'
import { Adx } from './adx.ts'

/** Directional movement rating: the mean of {@link Adx} now and `period − 1` bars ago, as LEAN and TA-Lib count. */
export class Adxr extends StreamingIndicator<HighLowClose, number> {
  readonly #adx: Adx
  readonly #window: Ring
  #newest = 0

  constructor(period: number) {
    super(`ADXR(${period})`, 3 * checkPeriod('ADXR', period) - 1)
    this.#adx = new Adx(period)
    this.#window = new Ring(period)
  }

  get value(): number | undefined {
    return this.#window.isFull ? (this.#newest + this.#window.oldest()) / 2 : undefined
  }

  update(bar: HighLowClose): number | undefined {
    const value = this.#adx.update(bar)
    if (value !== undefined) {
      this.#newest = value.adx
      this.#window.push(value.adx)
    }
    return this.value
  }

  save(to: number[]): void {
    this.#adx.save(to)
    this.#window.save(to)
    to.push(this.#newest)
  }

  load(from: StateReader): void {
    this.#adx.load(from)
    this.#window.load(from)
    this.#newest = from.number()
  }
}
