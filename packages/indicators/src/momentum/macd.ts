import { InvalidInputError } from '@org/core'
import { Ema } from '../averages/ema.ts'
import { checkFinite } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'

export interface MacdValue {
  /** EMA(fast) − EMA(slow). */
  readonly macd: number
  /** EMA(signal) of `macd`. */
  readonly signal: number
  /** `macd − signal`. */
  readonly histogram: number
}

/** Moving average convergence divergence (G. Appel), usually of 12, 26 and 9 bars. */
export class Macd extends StreamingIndicator<number, MacdValue> {
  readonly #fast: Ema
  readonly #slow: Ema
  readonly #signal: Ema

  constructor({
    fast = 12,
    slow = 26,
    signal = 9,
  }: {
    readonly fast?: number
    readonly slow?: number
    readonly signal?: number
  } = {}) {
    super(`MACD(${fast},${slow},${signal})`, slow + signal - 1)
    if (fast >= slow)
      throw new InvalidInputError({ message: `MACD: expected fast below slow, was fast ${fast}, slow ${slow}` })
    this.#fast = new Ema(fast)
    this.#slow = new Ema(slow)
    this.#signal = new Ema(signal)
  }

  /** EMA(fast) − EMA(slow), which is there `signal − 1` inputs before the whole value. */
  get line(): number | undefined {
    const fast = this.#fast.value
    const slow = this.#slow.value
    return fast === undefined || slow === undefined ? undefined : fast - slow
  }

  get value(): MacdValue | undefined {
    const macd = this.line
    const signal = this.#signal.value
    return macd === undefined || signal === undefined ? undefined : { macd, signal, histogram: macd - signal }
  }

  update(value: number): MacdValue | undefined {
    checkFinite(this.name, 'the value', value)
    this.#fast.update(value)
    this.#slow.update(value)
    const line = this.line
    if (line !== undefined) this.#signal.update(line)
    return this.value
  }

  save(to: number[]): void {
    this.#fast.save(to)
    this.#slow.save(to)
    this.#signal.save(to)
  }

  load(from: StateReader): void {
    this.#fast.load(from)
    this.#slow.load(from)
    this.#signal.load(from)
  }
}
