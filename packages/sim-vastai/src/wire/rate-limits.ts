import { type Answer, plainText } from './answer.ts'

/** How often one identity may call one endpoint. */
export type RateLimit =
  | {
      /** Least time between two calls. */
      readonly spacingMs: number
      /** After a call that came too early the identity waits this long from that call. */
      readonly penaltyMs?: number
    }
  | { readonly calls: number; readonly perMs: number }

/** Least time between two calls, in seconds. */
export function every(seconds: number): RateLimit {
  return { spacingMs: seconds * 1000 }
}

const IDENTITIES_MAX = 10_000

/**
 * The throttle: per endpoint and identity, a minimum interval between calls. The real service answers in plain text, without
 * `Retry-After` and without any header that says how much is left.
 *
 * Source: the `x-rate-limit` fields of the official OpenAPI files; a maintainer calls them hints.
 */
export class RateLimiter {
  readonly #allowedFromMs = new Map<string, number>()
  readonly #callsMs = new Map<string, number[]>()

  /** The 429 answer, or undefined when the call may pass (which counts it). */
  check(endpoint: string, identity: string, limit: RateLimit, nowMs: number): Answer | undefined {
    const key = `${endpoint}\n${identity}`
    return 'calls' in limit ? this.#checkWindow(key, limit, nowMs) : this.#checkSpacing(key, limit, nowMs)
  }

  #checkSpacing(key: string, limit: Extract<RateLimit, { spacingMs: number }>, nowMs: number): Answer | undefined {
    const allowedFromMs = this.#allowedFromMs.get(key)
    if (allowedFromMs !== undefined && nowMs < allowedFromMs) {
      if (limit.penaltyMs !== undefined) this.#allowedFromMs.set(key, nowMs + limit.penaltyMs)
      return tooFrequent(`${limit.spacingMs / 1000}`)
    }
    if (this.#allowedFromMs.size >= IDENTITIES_MAX) this.#allowedFromMs.clear()
    this.#allowedFromMs.set(key, nowMs + limit.spacingMs)
    return undefined
  }

  #checkWindow(key: string, limit: Extract<RateLimit, { calls: number }>, nowMs: number): Answer | undefined {
    let calls = this.#callsMs.get(key)
    if (calls === undefined) {
      if (this.#callsMs.size >= IDENTITIES_MAX) this.#callsMs.clear()
      calls = []
      this.#callsMs.set(key, calls)
    }
    while (calls[0] !== undefined && calls[0] <= nowMs - limit.perMs) calls.shift()
    if (calls.length >= limit.calls) return tooFrequent(`${limit.calls} per ${limit.perMs / 1000} s`)
    calls.push(nowMs)
    return undefined
  }
}

function tooFrequent(threshold: string): Answer {
  return plainText(`API requests too frequent: endpoint threshold=${threshold}`, 429)
}
