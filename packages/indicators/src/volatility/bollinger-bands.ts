import { checkFinite, checkPeriod } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { RollingMoments } from '../window/rolling-moments.ts'

export interface BollingerValue {
  readonly middle: number
  readonly upper: number
  readonly lower: number
  /** Distance of the bands in per cent of the middle; 0 where the middle is 0. */
  readonly bandWidth: number
  /** Where the value stands: 0 on the lower band, 1 on the upper; 0.5 where the bands meet. */
  readonly percentB: number
}

/** Bollinger bands: the mean of `period` values ± `deviations` of their population standard deviations. Source: J. Bollinger, Bollinger on Bollinger Bands. */
export class BollingerBands extends StreamingIndicator<number, BollingerValue> {
  readonly #window: RollingMoments
  readonly #deviations: number
  #newest = 0

  constructor({ period = 20, deviations = 2 }: { readonly period?: number; readonly deviations?: number } = {}) {
    super(`Bollinger(${period},${deviations})`, checkPeriod('Bollinger', period))
    checkFinite('Bollinger', 'deviations', deviations)
    this.#window = new RollingMoments(period)
    this.#deviations = deviations
  }

  get value(): BollingerValue | undefined {
    if (!this.#window.isFull) return undefined
    const middle = this.#window.mean
    const distance = this.#deviations * Math.sqrt(this.#window.variance)
    return {
      middle,
      upper: middle + distance,
      lower: middle - distance,
      bandWidth: middle === 0 ? 0 : (200 * distance) / middle,
      percentB: distance === 0 ? 0.5 : (this.#newest - middle + distance) / (2 * distance),
    }
  }

  update(value: number): BollingerValue | undefined {
    checkFinite(this.name, 'the value', value)
    this.#window.add(value)
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
