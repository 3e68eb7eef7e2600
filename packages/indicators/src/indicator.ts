import type { IndicatorSnapshot } from './state/snapshot.ts'

/**
 * A streaming indicator: inputs go in one by one, in the order of time, and each costs the same however many came before.
 *
 * An input that cannot be right (not a finite number, a high below the low, a negative volume) is refused with an `InvalidInputError` and leaves the
 * indicator as it was, so that the caller decides: skip the bar, repair it, or stop.
 */
export interface Indicator<Input, Value> {
  /** Name with parameters, `EMA(14)`. A snapshot fits indicators of the same name. */
  readonly name: string
  /** How many inputs the first value takes: load that many bars of history to be ready at once. */
  readonly warmUp: number
  /** The value after the newest input, or `undefined` while there were too few. */
  readonly value: Value | undefined
  readonly isReady: boolean
  /** Takes one more input and gives the value after it. */
  update(input: Input): Value | undefined
  /** The whole state as JSON; an indicator that restores it goes on as if nothing had happened, to the last bit. */
  snapshot(): IndicatorSnapshot
  /** Takes over a state. A snapshot that does not fit is refused with an `InvalidInputError`. */
  restore(snapshot: unknown): void
}
