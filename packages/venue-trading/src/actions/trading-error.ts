import { AutomationError, type ErrorEffect } from '@org/core'

/**
 * - `INSUFFICIENT_FUNDS`: the account does not hold what the order needs.
 * - `ORDER_TOO_SMALL`: below the smallest quantity or notional of the instrument, after rounding to its steps.
 * - `ORDER_REFUSED`: the venue will not take this order: post-only that would trade at once, a short without a stop or where none may be held.
 * - `UNKNOWN_SYMBOL`: the venue trades nothing under this name.
 * - `MARKET_CLOSED`: the symbol is not trading now.
 * - `BOOK_EMPTY`: nobody quotes on the side that is needed.
 * - `BOOK_CROSSED`: the best bid is above the best ask: such a book cannot be meant.
 * - `BAD_CANDLE`: a bar holds what is no price.
 * - `CANDLE_GAP`: bars are missing.
 * - `WOULD_CROSS_ZERO`: a close of more than this strategy holds there.
 * - `NOT_OWN_ORDER`: the order was sent for another strategy.
 * - `RATE_STALE`: what one asset is worth in another is not known, or was known too long ago.
 */
export type TradingErrorCode =
  | 'INSUFFICIENT_FUNDS'
  | 'ORDER_TOO_SMALL'
  | 'ORDER_REFUSED'
  | 'UNKNOWN_SYMBOL'
  | 'MARKET_CLOSED'
  | 'BOOK_EMPTY'
  | 'BOOK_CROSSED'
  | 'BAD_CANDLE'
  | 'CANDLE_GAP'
  | 'WOULD_CROSS_ZERO'
  | 'NOT_OWN_ORDER'
  | 'RATE_STALE'

/** A trading venue could not do, or could not tell, what it was asked. Nothing was sent unless `effect` says otherwise. */
export class TradingError extends AutomationError {
  declare readonly code: TradingErrorCode

  constructor(options: {
    readonly code: TradingErrorCode
    readonly message: string
    /** @default 'none' */
    readonly effect?: ErrorEffect
    /** @default false */
    readonly retryable?: boolean
    readonly details?: Readonly<Record<string, unknown>>
    readonly cause?: unknown
  }) {
    super(options)
  }
}
