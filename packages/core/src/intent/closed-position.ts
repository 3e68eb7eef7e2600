import type { Amount } from '../money/micros.ts'

/** A position that came to its end; what breakers such as stop-loss guards look at. */
export interface ClosedPosition {
  /** Gain over cost after fees: 0.15 is a gain of 15 %, −0.1 a loss of 10 %. */
  readonly ratio: Amount
  /** True when a stop closed it: stop loss, trailing stop, stop at the venue, liquidation. @default false */
  readonly isStop?: boolean
  /** Which way it went, such as `long`. */
  readonly side?: string
  /** When it was closed, milliseconds since the epoch. @default when it is written down */
  readonly at?: number
}
