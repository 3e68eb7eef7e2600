import { AbortedError, AutomationError, type ErrorEffect } from '@org/core'
import ccxt from 'ccxt'
import { ExchangeError, type ExchangeErrorCode } from './exchange-error.ts'
import { wordsOf } from './exchange-words.ts'
import type { RequestTrace } from './request-trace.ts'

/** A call as its errors name it. */
export interface CallName {
  /** ccxt's id of the exchange. */
  readonly exchange: string
  /** For example `createOrder`. */
  readonly name: string
  /** `write`: what is lost on its way may have happened. */
  readonly kind: 'read' | 'write'
  readonly timeoutMs: number
}

/** What ccxt says of connections that were never made. */
const neverSent = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|Connect Timeout/

/** How exchanges call an order below their minimum; ccxt has no class for it, and some of these come as `BadRequest`. */
const tooSmall = /min(imum)?[ ._-]?notional|minimum|too small/i

/** Not every exchange has a code for it that ccxt knows. */
const duplicate = /duplicate order/i

/** How an exchange says with any status that it does not know itself: Binance's -1006 and -1007, OKX's 50004. */
const doesNotKnow = /status unknown|success or failure/i

/** Without a `Retry-After`. */
const retryAfterMsDefault = 10_000

/** ccxt's classes, the narrower before the wider; each with what to do about it. */
const meanings: readonly (readonly [abstract new (...args: never[]) => Error, ExchangeErrorCode, string])[] = [
  [
    ccxt.PermissionDenied,
    'NO_PERMISSION',
    'allow it for this key at the exchange (trading yes, withdrawals never), and check its IP allow list',
  ],
  [ccxt.AuthenticationError, 'BAD_KEYS', 'check key and secret, the IP allow list, and that the key may trade'],
  [ccxt.RestrictedLocation, 'NO_PERMISSION', 'the exchange does not serve this place'],
  [ccxt.InsufficientFunds, 'INSUFFICIENT_FUNDS', 'free funds or ask for less'],
  [ccxt.OrderNotFound, 'ORDER_NOT_FOUND', 'it has ended, or was never placed'],
  [ccxt.BadSymbol, 'UNKNOWN_SYMBOL', 'use a unified symbol such as BTC/USDT that is traded there'],
  [ccxt.MarketClosed, 'MARKET_CLOSED', 'wait until it trades again'],
  [ccxt.InvalidOrder, 'ORDER_REFUSED', 'look again and propose anew'],
  [ccxt.OperationRejected, 'ORDER_REFUSED', 'look again and propose anew'],
  [ccxt.NotSupported, 'NOT_SUPPORTED', 'ccxt cannot do this at this exchange'],
  [
    ccxt.InvalidNonce,
    'CLOCK_SKEW',
    'switch on time synchronisation (NTP) on this machine; a key that several programs use needs one each',
  ],
  [ccxt.OnMaintenance, 'EXCHANGE_MAINTENANCE', 'wait until it is back'],
  [ccxt.RateLimitExceeded, 'RATE_LIMITED', 'scan less often, or stop other programs that use this account or address'],
  [ccxt.RequestTimeout, 'EXCHANGE_TIMEOUT', 'check the network and the status of the exchange'],
  [ccxt.BadResponse, 'MALFORMED_ANSWER', 'if it lasts, a newer ccxt may read it'],
  [ccxt.ExchangeNotAvailable, 'EXCHANGE_UNAVAILABLE', 'check the status of the exchange'],
  [ccxt.OperationFailed, 'EXCHANGE_UNAVAILABLE', 'check the network and the status of the exchange'],
]

/**
 * What a failed call of ccxt means. ccxt's own message holds addresses with signatures: of it only the exchange's words are kept, and the error
 * itself is not handed on as a cause.
 *
 * Unknown, of a write that left: no answer, 408, 5xx, words that say so, an answer that cannot be read, and a status 2xx whose refusal ccxt has no
 * name for.
 */
export function errorFromCcxt(
  call: CallName,
  failure: unknown,
  trace: RequestTrace,
  secrets: readonly string[],
): AutomationError {
  if (AutomationError.isInstance(failure)) return failure
  if (trace.signal?.aborted) return new AbortedError({ effect: lostEffect(call, trace) })
  const { exchange, name } = call
  const { status } = trace
  const words = wordsOf(failure, exchange, secrets)
  const said = words === '' ? '' : ` (${words})`
  const make = (
    code: ExchangeErrorCode,
    advice: string,
    more: { readonly retryable?: boolean; readonly retryAfterMs?: number } = {},
  ) => {
    const effect = effectOf(call, code, failure, trace, words)
    const look = effect === 'unknown' ? '; look the order up before anything is repeated' : ''
    return new ExchangeError({
      code,
      message: `${exchange} ${name}: ${sentences[code]}${said}; ${advice}${look}`,
      effect,
      retryable: (more.retryable ?? retryable.has(code)) && effect === 'none',
      ...(more.retryAfterMs === undefined ? {} : { retryAfterMs: more.retryAfterMs }),
      details: { call: name, status, ccxt: failure instanceof Error ? failure.constructor.name : undefined },
    })
  }

  if (status === 429 || status === 418 || failure instanceof ccxt.RateLimitExceeded)
    return make('RATE_LIMITED', 'scan less often, or stop other programs that use this account or address', {
      retryable: true,
      retryAfterMs: trace.retryAfterMs ?? retryAfterMsDefault,
    })
  if (trace.isMalformed) return make('MALFORMED_ANSWER', 'if it lasts, a newer ccxt may read it')
  if (status === 401) return make('BAD_KEYS', 'check key and secret, the IP allow list, and that the key may trade')
  if (status !== undefined && isPlainRefusal(status, failure))
    return make('EXCHANGE_REFUSED', 'check the address and the version of ccxt')
  if (status === 403 && !(failure instanceof ccxt.ExchangeError))
    return make('NO_PERMISSION', 'the key may not do this, or the exchange blocks this address')
  if (failure instanceof ccxt.DuplicateOrderId || duplicate.test(words))
    return make('ORDER_REFUSED', 'an order with this client order id is open already')
  if (isTooSmall(failure, words)) return make('ORDER_TOO_SMALL', 'ask for more, at least what the exchange takes')
  for (const [Meant, code, advice] of meanings) if (failure instanceof Meant) return make(code, advice)
  if (failure instanceof ccxt.BaseError)
    return make(call.kind === 'write' ? 'ORDER_REFUSED' : 'EXCHANGE_REFUSED', 'look again and propose anew')
  // Not an error of ccxt's: its code stumbled over an answer that lacks what it reads.
  return make('MALFORMED_ANSWER', 'if it lasts, a newer ccxt may read it')
}

const retryable = new Set<ExchangeErrorCode>([
  'EXCHANGE_MAINTENANCE',
  'EXCHANGE_UNAVAILABLE',
  'EXCHANGE_TIMEOUT',
  'MALFORMED_ANSWER',
])

const sentences: Readonly<Partial<Record<ExchangeErrorCode, string>>> = {
  NO_PERMISSION: 'not permitted',
  BAD_KEYS: 'the API key was not accepted',
  INSUFFICIENT_FUNDS: 'insufficient funds',
  ORDER_TOO_SMALL: 'the order is too small',
  ORDER_NOT_FOUND: 'no such order',
  UNKNOWN_SYMBOL: 'unknown symbol',
  MARKET_CLOSED: 'the market is closed',
  ORDER_REFUSED: 'refused',
  EXCHANGE_REFUSED: 'refused',
  NOT_SUPPORTED: 'not supported',
  CLOCK_SKEW: 'the clock of this machine and that of the exchange differ too much',
  EXCHANGE_MAINTENANCE: 'the exchange is in maintenance',
  RATE_LIMITED: 'asked too often',
  EXCHANGE_TIMEOUT: 'no answer in time',
  MALFORMED_ANSWER: 'the answer could not be read',
  EXCHANGE_UNAVAILABLE: 'the exchange could not be reached or is in trouble',
}

/** Of a call that ended without an answer. */
export function lostEffect(call: CallName, trace: RequestTrace): ErrorEffect {
  return call.kind === 'write' && trace.wasSent ? 'unknown' : 'none'
}

function effectOf(
  call: CallName,
  code: ExchangeErrorCode,
  failure: unknown,
  trace: RequestTrace,
  words: string,
): ErrorEffect {
  const { status } = trace
  const lost = lostEffect(call, trace)
  if (lost === 'none') return 'none'
  if (status === undefined) return neverSent.test(rawMessage(failure)) || neverSent.test(words) ? 'none' : 'unknown'
  // Somebody, perhaps an earlier attempt of ours, has sent it.
  if (failure instanceof ccxt.DuplicateOrderId || duplicate.test(words)) return 'unknown'
  if (status >= 500 || status === 408) return 'unknown'
  if (failure instanceof ccxt.RequestTimeout || doesNotKnow.test(words)) return 'unknown'
  if (status >= 400) return 'none'
  if (code === 'RATE_LIMITED') return 'none'
  // Of an answer with status 2xx only what ccxt recognises as a refusal is one.
  const isNamedRefusal = failure instanceof ccxt.ExchangeError && failure.constructor !== ccxt.ExchangeError
  return isNamedRefusal || failure instanceof ccxt.InvalidNonce ? 'none' : 'unknown'
}

/** A status that says no, and words for which ccxt has no better name than that the exchange is not there. */
function isPlainRefusal(status: number, failure: unknown): boolean {
  const isNo = status >= 400 && status < 500 && ![401, 403, 408, 418, 429].includes(status)
  return isNo && failure instanceof Error && failure.constructor === ccxt.ExchangeNotAvailable
}

function isTooSmall(failure: unknown, words: string): boolean {
  const mayBe = failure instanceof ccxt.InvalidOrder || failure instanceof ccxt.BadRequest
  return mayBe && tooSmall.test(words)
}

function rawMessage(failure: unknown): string {
  return failure instanceof Error ? failure.message : ''
}
