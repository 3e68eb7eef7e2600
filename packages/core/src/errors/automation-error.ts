import { cutSecrets } from './cut-secrets.ts'

/**
 * May the side effect that failed have happened?
 *
 * - `none`: certainly not. The caller may try again or give up.
 * - `unknown`: nobody knows until the venue has been asked. Never repeat blindly.
 * - `done`: it happened, something after it failed.
 */
export type ErrorEffect = 'none' | 'unknown' | 'done'

/** What every error of the framework is made from. */
export interface AutomationErrorOptions {
  /** Stable, SCREAMING_SNAKE. Programs branch on it; it never changes meaning. */
  readonly code: string
  /** One line: what happened, with which values, and what to do about it. */
  readonly message: string
  /** @default 'none' */
  readonly effect?: ErrorEffect
  /** May the same call succeed if it is simply made again later? @default false */
  readonly retryable?: boolean
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number
  /** Figures and names for programs. Never put a secret here. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

const marker = Symbol.for('@org/core/AutomationError')

/**
 * The one base class: everything the framework throws on purpose is one of these.
 *
 * `effect` and `retryable` answer different questions. A refused request with "too many requests" is `none` and retryable; a
 * socket that broke after the request was sent is `unknown` and not retryable until the venue was asked what became of it.
 *
 * @example
 * try { await client.instances.create(…) } catch (error) {
 *   if (AutomationError.isInstance(error) && error.effect === 'unknown') await reconcile()
 * }
 */
export class AutomationError extends Error {
  readonly code: string
  readonly effect: ErrorEffect
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly details: Readonly<Record<string, unknown>>
  /** Where to read more, relative to `docs/`. */
  readonly docs: string

  constructor(options: AutomationErrorOptions) {
    super(cutSecrets(options.message), options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = options.code
    this.effect = options.effect ?? 'none'
    this.retryable = options.retryable ?? false
    this.retryAfterMs = options.retryAfterMs
    this.details = options.details ?? {}
    this.docs = `reference/errors.md#${options.code.toLowerCase()}`
    Object.defineProperty(this, marker, { value: true })
  }

  /** The one-line message, without stack or cause. */
  get shortMessage(): string {
    return this.message
  }

  /** True for our errors, also those of another installed copy of core. */
  static isInstance(value: unknown): value is AutomationError {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[marker] === true
  }

  /** The first error in the chain of causes that `test` accepts. */
  walk(test: (error: unknown) => boolean): unknown {
    let current: unknown = this
    for (let depth = 0; depth < 16 && current !== undefined && current !== null; depth++) {
      if (test(current)) return current
      current = (current as { cause?: unknown }).cause
    }
    return undefined
  }
}

/** Something the user wrote (options, a config file, an intent) is not usable. Nothing was done. */
export class InvalidInputError extends AutomationError {
  constructor(options: Omit<AutomationErrorOptions, 'code' | 'effect'> & { readonly code?: string }) {
    super({ ...options, code: options.code ?? 'INVALID_INPUT', effect: 'none' })
  }
}

/** The caller's `AbortSignal` ended the work. `effect` says whether a request had left already. */
export class AbortedError extends AutomationError {
  constructor(options: { readonly message?: string; readonly effect?: ErrorEffect; readonly cause?: unknown } = {}) {
    super({ ...options, code: 'ABORTED', message: options.message ?? 'aborted by the caller' })
  }
}

/** One line for people, whatever was thrown, without what looks like a secret. Never empty. */
export function describeError(error: unknown): string {
  return cutSecrets(firstLine(error))
}

function firstLine(error: unknown): string {
  if (error instanceof Error) {
    const line = error.message.trim().split('\n', 1)[0]
    // A connection that failed on every address has an empty message; its code says why.
    return line || String((error as { code?: unknown }).code ?? error.name)
  }
  try {
    return String(error) || 'an empty value was thrown'
  } catch {
    return 'a value that has no text was thrown'
  }
}
