// Hot path: every call passes here. What a call does not use, it must not pay for.
import { AbortedError, AutomationError, type Clock, type ErrorEffect, type Logger, type Random } from '@org/core'
import { Agent, Pool } from 'undici'
import type { z } from 'zod'
import { type CallLimit, type Endpoint, endpoint, pathOf } from './endpoint.ts'
import { errorFromAnswer } from './error-from-answer.ts'
import { errorFromFailure } from './error-from-failure.ts'
import { VastAiConnectionError, VastAiNotFoundError, VastAiRateLimitError } from './errors.ts'
import { type PaceShare, sharePace } from './pace-registry.ts'
import { parseAnswer } from './parse-answer.ts'
import { type QueryValues, queryText } from './query-text.ts'
import { retryWaitMs } from './retry.ts'
import { withEffect } from './with-effect.ts'

/** What every method of the client takes last. */
export interface RequestOptions {
  /** Ends the call; its error says whether the request had left already. */
  readonly signal?: AbortSignal | undefined
}

/** What one call sends. */
export interface Outgoing {
  /** Ids for the `{}` of the route, in order. */
  readonly ids?: readonly (string | number)[]
  readonly query?: QueryValues
  /** Sent as JSON. Absent: no body, except that PUT, POST and DELETE then send `{}` as the official client does. */
  readonly body?: unknown
  /**
   * The call removes something: when an earlier attempt may have done it already, "not found" means that it is gone.
   * @default false
   */
  readonly removes?: boolean
}

/** Everything the transport needs; the client's options with their defaults filled in. */
export interface TransportSettings {
  readonly apiKey: string
  readonly baseUrl: string
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly timeoutMs: number
  readonly attemptsMax: number
  readonly connectionsMax: number
  readonly responseBytesMax: number
  /** Limits by endpoint name that replace the documented ones; `undefined`: no spacing at all. */
  readonly limits: ReadonlyMap<string, CallLimit> | undefined
}

const connectTimeoutMsMax = 10_000
const emptyJson = '{}'
const noIds: readonly string[] = []
const result = endpoint('GET', '(result)', 'read', { signed: false })

/** Sends calls: one pool of connections, one pace per key, bounded retries, errors by meaning. */
export class Transport {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly #settings: TransportSettings
  readonly #pool: Pool
  readonly #poolOptions: Pool.Options
  /** For results on other servers; made when the first is fetched. */
  #resultAgent: Agent | undefined
  readonly #share: PaceShare
  readonly #prefix: string
  readonly #origin: string
  readonly #signedHeaders: Record<string, string>
  readonly #unsignedHeaders: Record<string, string>
  #isClosed = false

  constructor(settings: TransportSettings) {
    const url = new URL(settings.baseUrl)
    this.clock = settings.clock
    this.random = settings.random
    this.logger = settings.logger
    this.#settings = settings
    this.#origin = url.origin
    this.#prefix = url.pathname.replace(/\/+$/, '')
    this.#poolOptions = {
      connections: settings.connectionsMax,
      headersTimeout: settings.timeoutMs,
      bodyTimeout: settings.timeoutMs,
      connectTimeout: Math.min(settings.timeoutMs, connectTimeoutMsMax),
      maxResponseSize: settings.responseBytesMax,
    }
    this.#pool = new Pool(url.origin, this.#poolOptions)
    this.#share = sharePace(settings.clock, settings.baseUrl, settings.apiKey)
    this.#unsignedHeaders = { accept: 'application/json', 'content-type': 'application/json' }
    this.#signedHeaders = { ...this.#unsignedHeaders, authorization: `Bearer ${settings.apiKey}` }
  }

  /**
   * Makes one call and returns what `schema` reads from the answer.
   *
   * @throws {VastAiError | AbortedError} `effect` covers all attempts: `'unknown'` as soon as one of them may have acted.
   */
  async call<Schema extends z.ZodType>(
    target: Endpoint,
    schema: Schema,
    outgoing: Outgoing,
    options: RequestOptions | undefined,
  ): Promise<z.output<Schema>> {
    const signal = options?.signal
    const { attemptsMax } = this.#settings
    let effect: ErrorEffect = 'none'
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#awaitTurn(target, signal)
        const exchange = this.#exchange(target, outgoing, signal)
        return parseAnswer(target, await this.clock.track(exchange), schema, this.#hideKey)
      } catch (thrown) {
        if (!AutomationError.isInstance(thrown)) throw thrown
        if (outgoing.removes && effect === 'unknown' && thrown instanceof VastAiNotFoundError)
          return parseAnswer(target, emptyJson, schema, this.#hideKey)
        if (thrown.effect === 'unknown') effect = 'unknown'
        const throttleMs = thrown instanceof VastAiRateLimitError ? this.#slowDown(target, thrown) : undefined
        const waitMs = retryWaitMs(thrown, attempt, attemptsMax, this.random, throttleMs)
        if (waitMs === undefined) throw withEffect(thrown, effect)
        this.logger.debug({ endpoint: target.name, attempt, waitMs, code: thrown.code }, 'trying again')
        await this.#sleep(waitMs, signal, effect)
      }
    }
  }

  /** Reads a text from a URL that an answer named, unsigned: results of commands lie on another server. */
  async fetchText(url: string, options: RequestOptions | undefined): Promise<{ status: number; text: string }> {
    const signal = options?.signal
    const { origin, pathname, search } = new URL(url)
    this.#resultAgent ??= new Agent(this.#poolOptions)
    const agent = this.#resultAgent
    const read = async () => {
      try {
        const answer = await agent.request({ origin, path: pathname + search, method: 'GET', signal: signal ?? null })
        return { status: answer.statusCode, text: await answer.body.text() }
      } catch (failure) {
        throw errorFromFailure(result, failure, { origin, signal, timeoutMs: this.#settings.timeoutMs })
      }
    }
    return this.clock.track(read())
  }

  /** Waits for running calls to end, then closes the connections. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#share.release()
    await this.clock.track(Promise.all([this.#pool.close(), this.#resultAgent?.close()]))
  }

  async #exchange(target: Endpoint, outgoing: Outgoing, signal: AbortSignal | undefined): Promise<string> {
    const { method } = target
    const { body } = outgoing
    let status: number
    let text: string
    let retryAfter: unknown
    try {
      const answer = await this.#pool.request({
        method,
        path: this.#prefix + pathOf(target, outgoing.ids ?? noIds) + queryText(outgoing.query),
        headers: target.signed ? this.#signedHeaders : this.#unsignedHeaders,
        body: body !== undefined ? JSON.stringify(body) : method === 'GET' ? null : emptyJson,
        signal: signal ?? null,
      })
      status = answer.statusCode
      retryAfter = answer.headers['retry-after']
      text = await answer.body.text()
    } catch (failure) {
      throw errorFromFailure(target, failure, {
        origin: this.#origin,
        signal,
        timeoutMs: this.#settings.timeoutMs,
      })
    }
    if (status >= 200 && status < 300) return text
    throw errorFromAnswer(target, {
      status,
      text: this.#hideKey(text),
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    })
  }

  #awaitTurn(target: Endpoint, signal: AbortSignal | undefined): Promise<void> | undefined {
    if (this.#isClosed)
      throw new VastAiConnectionError({ endpoint: target.name, message: `${target.name}: the client is closed` })
    if (signal?.aborted) throw new AbortedError({ cause: signal.reason })
    const { limits } = this.#settings
    return limits === undefined
      ? undefined
      : this.#share.pace.enter(target.name, limits.get(target.name) ?? target.limit, signal)
  }

  #slowDown(target: Endpoint, error: VastAiRateLimitError): number {
    const limit = this.#settings.limits?.get(target.name) ?? target.limit
    return this.#share.pace.slowDown(target.name, limit, error.retryAfterMs)
  }

  async #sleep(waitMs: number, signal: AbortSignal | undefined, effect: ErrorEffect): Promise<void> {
    try {
      await this.clock.sleep(waitMs, { signal })
    } catch (thrown) {
      throw AutomationError.isInstance(thrown) ? withEffect(thrown, effect) : thrown
    }
  }

  readonly #hideKey = (text: string): string => text.replaceAll(this.#settings.apiKey, '[secret]')
}
