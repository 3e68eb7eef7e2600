/** The state of an indicator between two inputs, ready for `JSON.stringify`. What the numbers mean is the indicator's own business. */
export interface IndicatorSnapshot {
  /** Name with parameters: a snapshot of `EMA(12)` is refused by an `EMA(26)`. */
  readonly name: string
  readonly state: readonly number[]
}
