/**
 * A finished bar (candle). Prices and volume are floating-point numbers: indicators are estimates; orders keep their decimal strings elsewhere.
 * Each indicator asks for the fields it uses.
 */
export interface Bar {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  /** In units of the asset, not of the currency. */
  readonly volume: number
}

/** What most bar indicators use. */
export type HighLowClose = Pick<Bar, 'high' | 'low' | 'close'>
