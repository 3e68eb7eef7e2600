import type { Bar } from '../bar.ts'
import { checkPeriod, checkRange } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { RollingExtreme } from '../window/rolling-extreme.ts'

export interface PivotPointsValue {
  /** The high that was confirmed as a pivot by the newest bar, if one was. It came `surroundingBars` bars ago. */
  readonly pivotHigh: number | undefined
  readonly pivotLow: number | undefined
  /** The newest pivot high so far. */
  readonly resistance: number | undefined
  /** The newest pivot low so far. */
  readonly support: number | undefined
}

/**
 * Support and resistance from pivot points (high/low), also called bar count reversals or swing points: a high is a pivot when it is above the highs of
 * `surroundingBars` bars on both sides, a low when it is below their lows; equals do not count. So a pivot is known only `surroundingBars` bars later.
 */
export class PivotPoints extends StreamingIndicator<Pick<Bar, 'high' | 'low'>, PivotPointsValue> {
  readonly #surroundingBars: number
  readonly #highest: RollingExtreme
  readonly #lowest: RollingExtreme
  #resistance: number | undefined
  #support: number | undefined

  constructor(surroundingBars: number) {
    super(`PivotPoints(${surroundingBars})`, 2 * checkPeriod('PivotPoints', surroundingBars) + 1)
    this.#surroundingBars = surroundingBars
    this.#highest = new RollingExtreme(this.warmUp, 1)
    this.#lowest = new RollingExtreme(this.warmUp, -1)
  }

  get value(): PivotPointsValue | undefined {
    if (!this.#highest.isFull) return undefined
    return {
      pivotHigh: this.#pivot(this.#highest),
      pivotLow: this.#pivot(this.#lowest),
      resistance: this.#resistance,
      support: this.#support,
    }
  }

  update(bar: Pick<Bar, 'high' | 'low'>): PivotPointsValue | undefined {
    checkRange(this.name, bar)
    this.#highest.add(bar.high)
    this.#lowest.add(bar.low)
    this.#resistance = this.#pivot(this.#highest) ?? this.#resistance
    this.#support = this.#pivot(this.#lowest) ?? this.#support
    return this.value
  }

  #pivot(window: RollingExtreme): number | undefined {
    const isPivot = window.isFull && window.age === this.#surroundingBars && window.isAlone
    return isPivot ? window.extreme : undefined
  }

  save(to: number[]): void {
    this.#highest.save(to)
    this.#lowest.save(to)
    for (const level of [this.#resistance, this.#support]) to.push(level === undefined ? 0 : 1, level ?? 0)
  }

  load(from: StateReader): void {
    this.#highest.load(from)
    this.#lowest.load(from)
    this.#resistance = loadLevel(from)
    this.#support = loadLevel(from)
  }
}

function loadLevel(from: StateReader): number | undefined {
  const isKnown = from.count(1) === 1
  const level = from.number()
  return isKnown ? level : undefined
}
