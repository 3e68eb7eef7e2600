import {
  type Clock,
  InvalidInputError,
  type Logger,
  type Random,
  silentLogger,
  systemClock,
  systemRandom,
} from '@org/core'
import type { CallLimit } from './endpoint.ts'
import { type EndpointName, endpoints } from './endpoints.ts'
import type { TransportSettings } from './transport.ts'

/** How a client is made. */
export interface VastAiClientOptions {
  /** From https://console.vast.ai/manage-keys/; keep it in the environment variable `VAST_AI_API_KEY`. `undefined` is refused by name. */
  readonly apiKey: string | undefined
  /** Where the API lives; `http` only on this machine. @default 'https://console.vast.ai' */
  readonly baseUrl?: string | undefined
  /** Time that spacing and waiting count in. @default systemClock */
  readonly clock?: Clock | undefined
  /** Where the jitter of retries and generated idempotency keys come from. @default systemRandom */
  readonly random?: Random | undefined
  /** @default silent */
  readonly logger?: Logger | undefined
  /**
   * How far apart calls to one endpoint stay, counted over all clients of one key in this process. `'documented'` keeps Vast.ai's own
   * limits, `'off'` none; a record replaces single ones.
   * @default 'documented'
   */
  readonly spacing?: 'documented' | 'off' | Partial<Readonly<Record<EndpointName, CallLimit>>> | undefined
  /** No answer, or no further part of it, within this real time is an error; milliseconds. @default 60000 */
  readonly timeoutMs?: number | undefined
  /** Attempts of one call in all, where repeating is harmless. @default 4 */
  readonly attemptsMax?: number | undefined
  /** Connections kept open to the server. @default 8 */
  readonly connectionsMax?: number | undefined
  /** A larger answer is refused; bytes. @default 134217728 */
  readonly responseBytesMax?: number | undefined
}

const defaultBaseUrl = 'https://console.vast.ai'

/** Fills in defaults. @throws {InvalidInputError} with one line that says what to do; the key never stands in it. */
export function readClientOptions(options: VastAiClientOptions): TransportSettings {
  return {
    apiKey: readApiKey(options.apiKey),
    baseUrl: readBaseUrl(options.baseUrl ?? defaultBaseUrl),
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    logger: options.logger ?? silentLogger,
    timeoutMs: readCount('timeoutMs', options.timeoutMs ?? 60_000, 600_000),
    attemptsMax: readCount('attemptsMax', options.attemptsMax ?? 4, 10),
    connectionsMax: readCount('connectionsMax', options.connectionsMax ?? 8, 64),
    responseBytesMax: readCount('responseBytesMax', options.responseBytesMax ?? 134_217_728, 1_073_741_824),
    limits: readSpacing(options.spacing ?? 'documented'),
  }
}

function readApiKey(apiKey: unknown): string {
  const advice = 'set VAST_AI_API_KEY to a key from https://console.vast.ai/manage-keys/'
  if (typeof apiKey !== 'string' || apiKey === '')
    throw new InvalidInputError({ code: 'VASTAI_NO_API_KEY', message: `no Vast.ai API key: ${advice}` })
  // A line break would end the header and begin another.
  if (!/^[\x21-\x7e]{1,512}$/.test(apiKey))
    throw new InvalidInputError({
      code: 'VASTAI_BAD_API_KEY',
      message: `the Vast.ai API key holds blanks, line breaks or characters that no key has: copy it again; ${advice}`,
    })
  return apiKey
}

function readBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isOnThisMachine(url))
  if (url !== undefined && isSafe && url.username === '' && url.search === '' && url.hash === '') return baseUrl
  // The text itself may hold a password: it is not repeated.
  throw new InvalidInputError({
    code: 'VASTAI_BAD_BASE_URL',
    message: `expected baseUrl to be an https address such as ${defaultBaseUrl} (http only on this machine), without user, query or fragment`,
  })
}

/** Where nothing but a stand-in can answer. */
export function isOnThisMachine({ hostname }: URL): boolean {
  return /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname)
}

function readCount(name: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new InvalidInputError({
    code: 'VASTAI_INVALID_INPUT',
    message: `expected ${name} to be an integer from 1 to ${max}, was ${String(value)}`,
  })
}

function readSpacing(spacing: NonNullable<VastAiClientOptions['spacing']>): ReadonlyMap<string, CallLimit> | undefined {
  if (spacing === 'off') return undefined
  const limits = new Map<string, CallLimit>()
  if (spacing === 'documented') return limits
  for (const [name, limit] of Object.entries(spacing) as [EndpointName, CallLimit][]) {
    const target = endpoints[name]
    if (target === undefined || !(Number.isInteger(limit.calls) && limit.calls >= 1 && limit.perMs >= 0))
      throw new InvalidInputError({
        code: 'VASTAI_INVALID_INPUT',
        message: `expected spacing.${name} to be { calls, perMs } of a known endpoint, with at least one call`,
      })
    limits.set(target.name, limit)
  }
  return limits
}
