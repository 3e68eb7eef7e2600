import { Agent, request } from 'node:http'
import { AbortedError, type AutomationError, type Clock, type ErrorEffect, type Logger } from '@org/core'
import type { z } from 'zod'
import { LemonError } from './lemon-error.ts'

export interface LemonClientOptions {
  readonly baseUrl: string
  readonly apiKey: string
  readonly clock: Clock
  readonly logger: Logger
  /** No answer within this real time is an error. */
  readonly timeoutMs: number
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

export interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly text: string
}

/**
 * Speaks with the market: errors by meaning; questions are asked again, and what acts is sent again only when it was refused as too fast.
 * What is `protected` is there for its broken relatives.
 */
export class LemonClient {
  protected readonly options: LemonClientOptions
  protected readonly agent = new Agent({ keepAlive: true })
  protected attemptsMax = 3
  protected isClosed = false

  constructor(options: LemonClientOptions) {
    this.options = options
  }

  async call<Schema extends z.ZodType>(call: Call, schema: Schema): Promise<z.output<Schema>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return this.read(call, await this.tracked(call, this.exchange(call)), schema)
      } catch (thrown) {
        if (!(thrown instanceof LemonError) || !thrown.retryable || attempt >= this.attemptsMax) throw thrown
        const waitMs = this.waitMs(call, thrown, attempt)
        this.options.logger.debug({ path: call.path, waitMs, code: thrown.code }, 'asking again')
        await this.wait(call, waitMs)
      }
    }
  }

  close(): void {
    this.isClosed = true
    this.agent.destroy()
  }

  /** How long to wait before the next attempt. */
  protected waitMs(_call: Call, error: LemonError, attempt: number): number {
    return error.retryAfterMs ?? 500 * 2 ** attempt
  }

  protected wait({ signal }: Call, waitMs: number): Promise<void> {
    return this.options.clock.sleep(waitMs, { signal })
  }

  protected tracked(_call: Call, work: Promise<Answer>): Promise<Answer> {
    return this.options.clock.track(work)
  }

  protected timeoutMs(_call: Call): number {
    return this.options.timeoutMs
  }

  protected async exchange(call: Call): Promise<Answer> {
    if (this.isClosed) throw new LemonError({ code: 'LEMON_CLOSED', message: 'the venue is closed: make a new one' })
    if (call.signal?.aborted) throw new AbortedError({ cause: call.signal.reason })
    const { baseUrl, apiKey } = this.options
    const text = call.body === undefined ? '' : JSON.stringify(call.body)
    const headers = { authorization: `Bearer ${apiKey}`, 'content-length': Buffer.byteLength(text) }
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => reject(this.failure(call, error as NodeJS.ErrnoException))
      const sent = request(
        new URL(call.path, baseUrl),
        { agent: this.agent, method: call.method, headers, timeout: this.timeoutMs(call), signal: call.signal },
        async answer => {
          try {
            const chunks: Buffer[] = []
            for await (const chunk of answer) chunks.push(chunk as Buffer)
            const retryAfter = answer.headers['retry-after']
            resolve({ status: answer.statusCode ?? 0, retryAfter, text: Buffer.concat(chunks).toString() })
          } catch (error) {
            fail(error)
          }
        },
      )
      sent.on('timeout', () => sent.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
      sent.on('error', fail)
      sent.end(text)
    })
  }

  /** What an answer says, or the error that it means. */
  protected read<Schema extends z.ZodType>(call: Call, answer: Answer, schema: Schema): z.output<Schema> {
    const { status, retryAfter } = answer
    if (status >= 200 && status < 300) return this.parse(call, answer.text, schema)
    const said = `${call.method} ${call.path}: ${status} ${this.hideKey(answer.text).slice(0, 200)}`
    if (status === 429)
      throw new LemonError({
        code: 'LEMON_RATE_LIMIT',
        message: `${said}; ask less often`,
        retryable: true,
        ...(retryAfter === undefined ? {} : { retryAfterMs: Number(retryAfter) * 1000 }),
      })
    if (status >= 500)
      throw new LemonError({
        code: 'LEMON_SERVER',
        message: `${said}; try again later`,
        effect: this.lostEffect(call),
        retryable: call.method === 'GET',
      })
    const code = status === 401 ? 'LEMON_KEY' : status === 403 ? 'LEMON_PERMISSION' : 'LEMON_REFUSED'
    throw new LemonError({ code, message: `${said}; check the key and what was asked` })
  }

  protected parse<Schema extends z.ZodType>(call: Call, text: string, schema: Schema): z.output<Schema> {
    const parsed = schema.safeParse(jsonOf(text))
    if (parsed.success) return parsed.data
    const path = parsed.error.issues[0]?.path.join('.') ?? ''
    const message = `${call.method} ${call.path}: unexpected answer at ${path === '' ? 'its top' : path}`
    throw new LemonError({ code: 'LEMON_MALFORMED', message, effect: this.lostEffect(call) })
  }

  /** What a broken connection means. */
  protected failure(call: Call, error: NodeJS.ErrnoException): AutomationError {
    const effect = this.lostEffect(call)
    if (call.signal?.aborted) return new AbortedError({ effect, cause: call.signal.reason })
    const isUnsent = error.syscall === 'connect'
    // Asked again, it would take as long again.
    const isLate = error.code === 'ETIMEDOUT'
    return new LemonError({
      code: isLate ? 'LEMON_TIMEOUT' : 'LEMON_CONNECTION',
      message: `${call.method} ${call.path}: ${isLate ? 'no answer in time' : `the connection broke (${error.code})`}`,
      effect: isUnsent ? 'none' : effect,
      retryable: call.method === 'GET' && !isLate,
      details: { reason: error.message },
    })
  }

  /** What it means for the effect of a call that its answer is lost. */
  protected lostEffect({ method }: Call): ErrorEffect {
    return method === 'GET' ? 'none' : 'unknown'
  }

  protected hideKey(text: string): string {
    const { apiKey } = this.options
    return text.replaceAll(apiKey, '[secret]')
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
