import type { BarColumns } from '../bars/bar-columns.ts'

/** Best prices at a time. */
export interface Quote {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly bid: number
  readonly ask: number
}

/** Prices of one symbol, oldest first: bars of one length, or quotes. */
export type Feed =
  | {
      /** Unified, such as `BTC/USDT`. */
      readonly symbol: string
      /** How long a bar is: `1m`, `1h`, `1d`. Several feeds of a symbol: orders meet the shortest one. */
      readonly timeframe: string
      /** All at once, or piece by piece as {@link streamBars} gives them. */
      readonly bars: BarColumns | AsyncIterable<BarColumns>
    }
  | { readonly symbol: string; readonly quotes: readonly Quote[] }
