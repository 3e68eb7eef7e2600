import type { Bar } from '../bar.ts'
import { checkPeriod, checkRange } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { RollingExtreme } from '../window/rolling-extreme.ts'

export interface DonchianValue {
  /** Highest high of the window, the newest bar included: compare a close with the channel of the bar before. */
  readonly upper: number
  readonly lower: number
  readonly middle: number
}

/** Donchian channel: highest high and lowest low of the last `period` bars, and their mean. */
export class DonchianChannel extends StreamingIndicator<Pick<Bar, 'high' | 'low'>, DonchianValue> {
  readonly #highest: RollingExtreme
  readonly #lowest: RollingExtreme

  constructor(period: number) {
    super(`Donchian(${period})`, checkPeriod('Donchian', period))
    this.#highest = new RollingExtreme(period, 1)
    this.#lowest = new RollingExtreme(period, -1)
  }

  get value(): DonchianValue | undefined {
    if (!this.#highest.isFull) return undefined
    const upper = this.#highest.extreme
    const lower = this.#lowest.extreme
    return { upper, lower, middle: (upper + lower) / 2 }
  }

  update(bar: Pick<Bar, 'high' | 'low'>): DonchianValue | undefined {
    checkRange(this.name, bar)
    this.#highest.add(bar.high)
    this.#lowest.add(bar.low)
    return this.value
  }

  save(to: number[]): void {
    this.#highest.save(to)
    this.#lowest.save(to)
  }

  load(from: StateReader): void {
    this.#highest.load(from)
    this.#lowest.load(from)
  }
}
