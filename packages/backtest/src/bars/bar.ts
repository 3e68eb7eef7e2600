/** One finished bar of prices. Floating-point numbers: a backtest is an estimate, and its reference works in them too. */
export interface Bar {
  /** Start of the bar, milliseconds since the epoch. */
  readonly openTime: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  /** In units of the asset. */
  readonly volume: number
}
