import { AbortedError, type CallOptions, type Clock, InvalidInputError, type Store } from '@org/core'
import type { CcxtExchange, OnRestResponse } from './ccxt-exchange.ts'
import { createCcxt, type ExchangeCredentials } from './create-ccxt.ts'
import { type CallName, errorFromCcxt, lostEffect } from './error-from-ccxt.ts'
import { ExchangeError } from './exchange-error.ts'
import { guardSocket } from './guard-socket.ts'
import { addressesIn, isLocalAddress } from './local-address.ts'
import { paceAccount, RequestPace } from './request-pace.ts'
import { newTrace, type RequestTrace, readRetryAfter, requestTraces } from './request-trace.ts'
import { untilAborted } from './until-aborted.ts'

/** How an exchange is reached. */
export interface CcxtClientOptions {
  /** ccxt's id, such as `binance`, `kraken`, `okx`. */
  readonly exchange: string
  /** Without them only public data can be asked for. Keys should trade and never withdraw. */
  readonly credentials?: ExchangeCredentials
  /** Handed on to ccxt's constructor: `urls`, `options` of that exchange. */
  readonly config?: Readonly<Record<string, unknown>>
  /** The exchange's own test environment, where it has one. @default false */
  readonly sandbox?: boolean
  /** How long an answer may take, at most 10 seconds: how long a lost order may still arrive rests on it. @default 10_000 */
  readonly timeoutMs?: number
  /** The account's request weight, in ccxt's units of cost. @default 60,000 divided by ccxt's `rateLimit` */
  readonly weightPerMinute?: number
}

/** How long an answer may take at most. */
export const timeoutMsMax = 10_000

/** What may be said of a call that acts. */
export interface WriteOptions extends CallOptions {
  /** When it has waited for its turn until then, it does not leave. */
  readonly leavesBy?: number
}

/** ccxt with our time, our pace and our errors. Everything that is asked of an exchange goes through {@link CcxtClient.call}. */
export class CcxtClient {
  readonly exchange: CcxtExchange
  /** Names whose requests are counted together. */
  readonly account: string
  /** Every address it may talk to is this machine's; it refuses all others then. */
  readonly isLocal: boolean
  readonly hasCredentials: boolean
  readonly #clock: Clock
  readonly #pace: RequestPace
  readonly #timeoutMs: number
  readonly #secrets: readonly string[]
  #isClosed = false

  /** @throws {InvalidInputError} `UNKNOWN_EXCHANGE`, `INVALID_OPTION` */
  constructor(options: CcxtClientOptions & { readonly clock: Clock; readonly store: Store }) {
    const { clock, store } = options
    this.#clock = clock
    this.#timeoutMs = options.timeoutMs ?? timeoutMsMax
    if (!(this.#timeoutMs > 0 && this.#timeoutMs <= timeoutMsMax))
      throw new InvalidInputError({
        code: 'INVALID_OPTION',
        message: `timeoutMs: expected more than 0 and at most ${timeoutMsMax}, was ${this.#timeoutMs}`,
      })
    this.exchange = createCcxt({ ...options, timeoutMs: this.#timeoutMs })
    const given = addressesIn((options.config?.['urls'] as { readonly api?: unknown } | undefined)?.api)
    this.isLocal = given.length > 0 && given.every(isLocalAddress)
    const keys = this.exchange as unknown as Readonly<Record<string, unknown>>
    this.#secrets = secretFields.flatMap(field => formsOf(keys[field]))
    const apiKey = keys['apiKey']
    this.hasCredentials = this.#secrets.length > 0
    this.account = paceAccount(
      this.exchange.id,
      typeof apiKey === 'string' && apiKey !== '' ? apiKey : (given[0] ?? ''),
    )
    this.#pace = new RequestPace({
      store,
      clock,
      exchange: this.exchange.id,
      account: this.account,
      weightPerMinute: options.weightPerMinute ?? 60_000 / this.exchange.rateLimit,
    })
    this.#listen()
  }

  /** The market data of all symbols; asked for once. */
  async loadMarkets(options: CallOptions = {}): Promise<void> {
    if (this.exchange.markets === undefined) await this.read('loadMarkets', exchange => exchange.loadMarkets(), options)
  }

  /** Something that changes nothing. @throws {ExchangeError} `effect: 'none'` */
  async read<T>(name: string, ask: (exchange: CcxtExchange) => Promise<T>, options: CallOptions = {}): Promise<T> {
    return (await this.readDated(name, ask, options)).answer
  }

  /** The same with the time when the question left: no answer is younger than that for sure. */
  readDated<T>(
    name: string,
    ask: (exchange: CcxtExchange) => Promise<T>,
    options: CallOptions = {},
  ): Promise<{ readonly answer: T; readonly sentAt: number }> {
    return this.#call(name, 'read', ask, options)
  }

  /** Something that acts. @throws {ExchangeError} `effect: 'unknown'` where the exchange did not say. */
  async write<T>(name: string, ask: (exchange: CcxtExchange) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    return (await this.#call(name, 'write', ask, options)).answer
  }

  /** @throws {ExchangeError} `NO_CREDENTIALS` */
  requireCredentials(what: string): void {
    if (this.hasCredentials) return
    throw new ExchangeError({
      code: 'NO_CREDENTIALS',
      message: `${this.exchange.id}: ${what} needs an API key; give credentials { apiKey, secret } of a key that may trade and not withdraw`,
    })
  }

  /** One line about a failure of ccxt outside of a call, such as a broken stream. */
  describe(name: string, failure: unknown): ExchangeError | AbortedError {
    const call = this.#name(name, 'read')
    return errorFromCcxt(call, failure, newTrace(undefined), this.#secrets) as ExchangeError
  }

  /** @throws {ExchangeError} `VENUE_CLOSED` */
  requireOpen(): void {
    if (!this.#isClosed) return
    throw new ExchangeError({
      code: 'VENUE_CLOSED',
      message: `${this.exchange.id}: this venue was closed; make a new one`,
    })
  }

  /** Sockets are freed once what is under way has been answered. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.exchange.close()
    await this.exchange.fetchDispatcher?.close()
  }

  async #call<T>(
    name: string,
    kind: CallName['kind'],
    ask: (exchange: CcxtExchange) => Promise<T>,
    { signal, leavesBy }: WriteOptions,
  ): Promise<{ readonly answer: T; readonly sentAt: number }> {
    this.requireOpen()
    const call = this.#name(name, kind)
    const trace = newTrace(signal, leavesBy)
    if (signal?.aborted) throw new AbortedError({ cause: signal.reason })
    try {
      const answer = await requestTraces.run(trace, () => untilAborted(ask(this.exchange), signal))
      return { answer, sentAt: trace.sentAt ?? this.#clock.now() }
    } catch (failure) {
      const error =
        signal?.aborted === true
          ? new AbortedError({ effect: lostEffect(call, trace), cause: signal.reason })
          : errorFromCcxt(call, failure, trace, this.#secrets)
      if (error.code === 'RATE_LIMITED' && trace.wasSent && error.retryAfterMs !== undefined)
        await this.#pace.stop(this.#clock.now() + error.retryAfterMs)
      throw error
    }
  }

  #name(name: string, kind: CallName['kind']): CallName {
    return { exchange: this.exchange.id, name, kind, timeoutMs: this.#timeoutMs }
  }

  /** Puts pace, clock and trace between ccxt and the network. */
  #listen(): void {
    const { exchange } = this
    exchange.throttle = cost => this.#pace.take(Number(cost ?? 1), requestTraces.getStore()?.signal)

    const fetch = exchange.fetch.bind(exchange)
    exchange.fetch = async (url, ...rest) => {
      this.#requireLocal(url)
      const trace = requestTraces.getStore()
      this.#requireInTime(trace)
      if (trace !== undefined) Object.assign(trace, { wasSent: true, sentAt: this.#clock.now(), status: undefined })
      return this.#clock.track(fetch(url, ...rest))
    }

    const client = exchange.client.bind(exchange)
    exchange.client = url => {
      this.#requireLocal(url)
      return guardSocket(client(url))
    }

    const onRestResponse = exchange.onRestResponse.bind(exchange)
    exchange.onRestResponse = (...answer: OnRestResponse) => {
      const trace = requestTraces.getStore()
      if (trace !== undefined) {
        trace.status = answer[0]
        trace.retryAfterMs = readRetryAfter(answer[4]['Retry-After'], this.#clock.now())
      }
      return onRestResponse(...answer)
    }

    // ccxt hands on text that it cannot read as if it were an answer.
    const parseJson = exchange.parseJson.bind(exchange)
    exchange.parseJson = text => {
      const parsed = parseJson(text)
      const trace = requestTraces.getStore()
      if (parsed === undefined && trace !== undefined && trace.status !== undefined && trace.status < 400) {
        trace.isMalformed = true
        throw new SyntaxError('the answer is not JSON')
      }
      return parsed
    }
  }

  /** An order that leaves late could arrive when it is taken for lost. */
  #requireInTime(trace: RequestTrace | undefined): void {
    if (trace?.leavesBy === undefined || this.#clock.now() <= trace.leavesBy) return
    throw new ExchangeError({
      code: 'RATE_LIMITED',
      message: `${this.exchange.id}: too many requests were waiting, so the order did not leave in time; scan less often, or stop other programs that use this account or address`,
      // ccxt asks several things for one order at some exchanges: what left before may have been the order.
      effect: trace.wasSent ? 'unknown' : 'none',
      retryable: !trace.wasSent,
    })
  }

  #requireLocal(url: string): void {
    if (!this.isLocal || isLocalAddress(url)) return
    throw new ExchangeError({
      code: 'NOT_SUPPORTED',
      message: `${this.exchange.id}: this call goes to an address that config.urls.api does not name; a stand-in on this machine must serve all that is used`,
    })
  }
}

const secretFields = ['apiKey', 'secret', 'password', 'uid', 'privateKey', 'walletAddress', 'token'] as const

/** A secret as it may stand in texts. Shorter ones would blank out ordinary words. */
function formsOf(value: unknown): readonly string[] {
  return typeof value === 'string' && value.length >= 4 ? [value, encodeURIComponent(value)] : []
}
