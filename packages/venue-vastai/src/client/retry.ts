import type { AutomationError, Random } from '@org/core'

/** The first wait is up to this long, each further one up to twice the one before. */
const backoffMs = 500
const backoffMsMax = 30_000
const rateLimitWaitMsMax = 120_000

/**
 * How long to wait before the attempt after number `attempt` (from 1), milliseconds; `undefined`: do not repeat.
 *
 * Full jitter: anything from nothing to the bound, so that many clients that failed together do not come back together. A throttle's
 * own interval is waited out first.
 *
 * Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function retryWaitMs(
  error: AutomationError,
  attempt: number,
  attemptsMax: number,
  random: Random,
  throttleMs: number | undefined,
): number | undefined {
  if (!error.retryable || attempt >= attemptsMax) return undefined
  const factor = 2 ** (attempt - 1)
  const jitterMs = random.next() * Math.min(backoffMsMax, backoffMs * factor)
  return throttleMs === undefined ? jitterMs : Math.min(rateLimitWaitMsMax, throttleMs * factor) + jitterMs
}
