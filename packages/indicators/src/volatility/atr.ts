import { Wilder } from '../averages/wilder.ts'
import type { HighLowClose } from '../bar.ts'
import { checkPeriod } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { TrueRange } from './true-range.ts'

/**
 * Average true range: Wilder's smoothing of {@link TrueRange}; the first bar counts with high − low.
 *
 * Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
 */
export class Atr extends StreamingIndicator<HighLowClose, number> {
  readonly #trueRange = new TrueRange()
  readonly #average: Wilder

  constructor(period: number) {
    super(`ATR(${period})`, checkPeriod('ATR', period))
    this.#average = new Wilder(period)
  }

  get value(): number | undefined {
    return this.#average.value
  }

  update(bar: HighLowClose): number | undefined {
    return this.#average.update(this.#trueRange.update(bar))
  }

  save(to: number[]): void {
    this.#trueRange.save(to)
    this.#average.save(to)
  }

  load(from: StateReader): void {
    this.#trueRange.load(from)
    this.#average.load(from)
  }
}
