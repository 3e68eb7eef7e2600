import { type Clock, InvalidInputError } from '@org/core'
import ccxt from 'ccxt'
import type { CcxtExchange } from './ccxt-exchange.ts'

/** What signs requests; most exchanges want key and secret, some a password (passphrase) or a user id too. */
export interface ExchangeCredentials {
  readonly apiKey: string
  readonly secret: string
  readonly password?: string
  readonly uid?: string
}

export interface CcxtOptions {
  /** ccxt's id, such as `binance`, `kraken`, `okx`. */
  readonly exchange: string
  /** Without them only public data can be asked for. */
  readonly credentials?: ExchangeCredentials | undefined
  /** Handed on to ccxt's constructor: `urls`, `options` of that exchange. */
  readonly config?: Readonly<Record<string, unknown>> | undefined
  /** The exchange's own test environment, where it has one. @default false */
  readonly sandbox?: boolean | undefined
  readonly timeoutMs: number
  readonly clock: Clock
}

type Constructor = new (config: Readonly<Record<string, unknown>>) => CcxtExchange

/** A nonce that must grow may run ahead of the clock by no more than this, milliseconds: some exchanges read it as the time. */
const nonceAheadMsMax = 500

/**
 * A ccxt exchange as this package uses it: amounts are text, time is the clock's, and it waits for nobody.
 *
 * @throws {InvalidInputError} `UNKNOWN_EXCHANGE`; `INVALID_OPTION` where it has no test environment.
 */
export function createCcxt(options: CcxtOptions): CcxtExchange {
  const { clock, credentials } = options
  const exchange = new (constructorOf(options.exchange))({
    ...options.config,
    ...credentials,
    timeout: options.timeoutMs,
    enableRateLimit: true,
  })
  if (options.sandbox === true) {
    try {
      exchange.setSandboxMode(true)
    } catch {
      throw new InvalidInputError({
        code: 'INVALID_OPTION',
        message: `sandbox: ${options.exchange} has no test environment; start with a dry run instead`,
      })
    }
  }
  exchange.number = String
  exchange.milliseconds = () => Math.floor(clock.now())
  exchange.seconds = () => Math.floor(clock.now() / 1_000)
  exchange.microseconds = () => Math.floor(clock.now() * 1_000)
  exchange.nonce = growing(exchange.nonce.bind(exchange))
  // Asking for all open orders costs more, which the weights say already; ccxt would throw to tell.
  exchange.options['warnOnFetchOpenOrdersWithoutSymbol'] = false
  const ofOpenOrders = exchange.options['fetchOpenOrders']
  exchange.options['fetchOpenOrders'] = {
    ...(typeof ofOpenOrders === 'object' ? ofOpenOrders : {}),
    warnWithoutSymbol: false,
  }
  return exchange
}

function constructorOf(id: string): Constructor {
  const streaming = ccxt.pro as unknown as Readonly<Record<string, Constructor | undefined>>
  const plain = ccxt as unknown as Readonly<Record<string, Constructor | undefined>>
  const found = ccxt.exchanges.includes(id) ? (streaming[id] ?? plain[id]) : undefined
  if (found !== undefined) return found
  throw new InvalidInputError({
    code: 'UNKNOWN_EXCHANGE',
    message: `ccxt knows no exchange ${JSON.stringify(id)}; it knows ${ccxt.exchanges.length}, such as binance, kraken, okx, bybit, coinbase`,
  })
}

/** Two requests within a millisecond get different nonces. */
function growing(nonce: () => number): () => number {
  let last = 0
  return () => {
    const now = nonce()
    last = now > last || last - now > nonceAheadMsMax ? now : last + 1
    return last
  }
}
