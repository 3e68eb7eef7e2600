import type { HighLowClose } from '../bar.ts'
import { checkFinite, checkRange } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'

/** True range: how far the price went since the close before, gaps included. The first bar has no close before it: high − low. */
export class TrueRange extends StreamingIndicator<HighLowClose, number> {
  #hasPrevious = false
  #previousClose = 0
  #range = 0

  constructor() {
    super('TR', 1)
  }

  get value(): number | undefined {
    return this.#hasPrevious ? this.#range : undefined
  }

  update(bar: HighLowClose): number {
    checkRange(this.name, bar)
    checkFinite(this.name, 'close', bar.close)
    this.#range = this.#hasPrevious
      ? Math.max(bar.high, this.#previousClose) - Math.min(bar.low, this.#previousClose)
      : bar.high - bar.low
    this.#hasPrevious = true
    this.#previousClose = bar.close
    return this.#range
  }

  save(to: number[]): void {
    to.push(this.#hasPrevious ? 1 : 0, this.#previousClose, this.#range)
  }

  load(from: StateReader): void {
    this.#hasPrevious = from.count(1) === 1
    this.#previousClose = from.number()
    this.#range = from.number()
  }
}
