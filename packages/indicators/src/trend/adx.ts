import { Wilder } from '../averages/wilder.ts'
import type { HighLowClose } from '../bar.ts'
import { checkPeriod } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { DirectionalMovement, type DirectionalMovementValue } from './directional-movement.ts'

export interface AdxValue extends DirectionalMovementValue {
  /** 0 … 100: how strong the trend is, whichever way it goes. */
  readonly adx: number
}

/**
 * Average directional index: Wilder's smoothing of {@link DirectionalMovement}'s `dx`.
 *
 * Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
 */
export class Adx extends StreamingIndicator<HighLowClose, AdxValue> {
  readonly #movement: DirectionalMovement
  readonly #average: Wilder

  constructor(period: number) {
    super(`ADX(${period})`, 2 * checkPeriod('ADX', period))
    this.#movement = new DirectionalMovement(period)
    this.#average = new Wilder(period)
  }

  get value(): AdxValue | undefined {
    const movement = this.#movement.value
    const adx = this.#average.value
    return movement === undefined || adx === undefined ? undefined : { ...movement, adx }
  }

  update(bar: HighLowClose): AdxValue | undefined {
    const movement = this.#movement.update(bar)
    if (movement !== undefined) this.#average.update(movement.dx)
    return this.value
  }

  save(to: number[]): void {
    this.#movement.save(to)
    this.#average.save(to)
  }

  load(from: StateReader): void {
    this.#movement.load(from)
    this.#average.load(from)
  }
}
