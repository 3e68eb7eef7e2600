import { Sma } from '../averages/sma.ts'
import type { HighLowClose } from '../bar.ts'
import { checkFinite, checkPeriod, checkRange } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { RollingExtreme } from '../window/rolling-extreme.ts'

export interface StochasticValue {
  /** Fast %K: where the close stands between the lowest low (0) and the highest high (100) of `period` bars. */
  readonly fastK: number
  /** Slow %K, which is also fast %D: the mean of `kPeriod` fast %K. */
  readonly k: number
  /** Slow %D: the mean of `dPeriod` slow %K. */
  readonly d: number
}

/**
 * Stochastic oscillator (G. Lane), fast and slow in one. Fast %K is 0 where the window has no range at all.
 */
export class Stochastic extends StreamingIndicator<HighLowClose, StochasticValue> {
  readonly #highest: RollingExtreme
  readonly #lowest: RollingExtreme
  readonly #slowK: Sma
  readonly #slowD: Sma
  #close = 0

  constructor({
    period = 14,
    kPeriod = 3,
    dPeriod = 3,
  }: {
    readonly period?: number
    readonly kPeriod?: number
    readonly dPeriod?: number
  } = {}) {
    super(`Stochastic(${period},${kPeriod},${dPeriod})`, checkPeriod('Stochastic', period) + kPeriod + dPeriod - 2)
    this.#highest = new RollingExtreme(period, 1)
    this.#lowest = new RollingExtreme(period, -1)
    this.#slowK = new Sma(kPeriod)
    this.#slowD = new Sma(dPeriod)
  }

  /** Fast %K, there after `period` bars. */
  get fastK(): number | undefined {
    if (!this.#highest.isFull) return undefined
    const range = this.#highest.extreme - this.#lowest.extreme
    return range > 0 ? (100 * (this.#close - this.#lowest.extreme)) / range : 0
  }

  /** Slow %K, there `kPeriod − 1` bars later. */
  get k(): number | undefined {
    return this.#slowK.value
  }

  get value(): StochasticValue | undefined {
    const fastK = this.fastK
    const k = this.k
    const d = this.#slowD.value
    return fastK === undefined || k === undefined || d === undefined ? undefined : { fastK, k, d }
  }

  update(bar: HighLowClose): StochasticValue | undefined {
    checkRange(this.name, bar)
    checkFinite(this.name, 'close', bar.close)
    this.#highest.add(bar.high)
    this.#lowest.add(bar.low)
    this.#close = bar.close
    const fastK = this.fastK
    const k = fastK === undefined ? undefined : this.#slowK.update(fastK)
    if (k !== undefined) this.#slowD.update(k)
    return this.value
  }

  save(to: number[]): void {
    for (const part of [this.#highest, this.#lowest, this.#slowK, this.#slowD]) part.save(to)
    to.push(this.#close)
  }

  load(from: StateReader): void {
    for (const part of [this.#highest, this.#lowest, this.#slowK, this.#slowD]) part.load(from)
    this.#close = from.number()
  }
}
