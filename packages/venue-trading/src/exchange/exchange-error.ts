import { AutomationError, type AutomationErrorOptions } from '@org/core'
import type { TradingErrorCode } from '../actions/trading-error.ts'

/**
 * Beside those of every trading venue:
 *
 * - `BAD_KEYS`: the exchange does not accept key, secret or address.
 * - `NO_PERMISSION`: the key is right and may not do this.
 * - `NO_CREDENTIALS`: this needs a key and none was given; nothing was sent.
 * - `ORDER_PRECISION`: the quantity is no multiple of the step; nothing was sent.
 * - `ORDER_NOT_FOUND`: the exchange does not know such an order.
 * - `CLOCK_SKEW`: this machine's time and the exchange's differ too much.
 * - `EXCHANGE_MAINTENANCE`, `EXCHANGE_UNAVAILABLE`, `EXCHANGE_TIMEOUT`: it cannot be reached, is in trouble, or does not answer in time.
 * - `RATE_LIMITED`: asked too often; `retryAfterMs` says how long all processes of the account wait.
 * - `MALFORMED_ANSWER`: the answer is not what was expected.
 * - `NOT_SUPPORTED`: this exchange, or ccxt for it, cannot do this.
 * - `EXCHANGE_REFUSED`: refused for another reason, in the exchange's words.
 * - `VENUE_CLOSED`: asked after it was closed.
 * - `POSITION_MISMATCH`: the account has what neither fills nor inventory explain; new risk in that asset stops until it is resolved.
 */
export type ExchangeErrorCode =
  | TradingErrorCode
  | 'BAD_KEYS'
  | 'NO_PERMISSION'
  | 'NO_CREDENTIALS'
  | 'ORDER_PRECISION'
  | 'ORDER_NOT_FOUND'
  | 'CLOCK_SKEW'
  | 'EXCHANGE_MAINTENANCE'
  | 'EXCHANGE_UNAVAILABLE'
  | 'EXCHANGE_TIMEOUT'
  | 'RATE_LIMITED'
  | 'MALFORMED_ANSWER'
  | 'NOT_SUPPORTED'
  | 'EXCHANGE_REFUSED'
  | 'VENUE_CLOSED'
  | 'POSITION_MISMATCH'

/** An exchange could not do, or could not confirm, what was asked. `effect` says whether anything may have changed there. */
export class ExchangeError extends AutomationError {
  declare readonly code: ExchangeErrorCode

  constructor(options: Omit<AutomationErrorOptions, 'code'> & { readonly code: ExchangeErrorCode }) {
    super(options)
  }
}
