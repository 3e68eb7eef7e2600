import { AsyncLocalStorage } from 'node:async_hooks'

/** What is known of one call's requests: ccxt's errors do not say whether anything left, nor which status came back. */
export interface RequestTrace {
  readonly signal: AbortSignal | undefined
  /** Nothing leaves later than this. */
  readonly leavesBy: number | undefined
  wasSent: boolean
  /** When the last request left, after all waiting. */
  sentAt: number | undefined
  /** Of the last answer; absent when none came. */
  status: number | undefined
  retryAfterMs: number | undefined
  /** The answer's text began as JSON and could not be read. */
  isMalformed: boolean
}

/** Follows a call through ccxt, whatever else is under way. */
export const requestTraces = new AsyncLocalStorage<RequestTrace>()

export function newTrace(signal: AbortSignal | undefined, leavesBy?: number): RequestTrace {
  return {
    signal,
    leavesBy,
    wasSent: false,
    sentAt: undefined,
    status: undefined,
    retryAfterMs: undefined,
    isMalformed: false,
  }
}

/** `Retry-After` in milliseconds: seconds, or a date. */
export function readRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - nowMs
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined
}
