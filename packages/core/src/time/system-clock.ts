import { AbortedError } from '../errors/automation-error.ts'
import type { Clock } from './clock.ts'

/** Real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep(ms, options) {
    return new Promise((resolve, reject) => {
      const signal = options?.signal
      if (signal?.aborted) return reject(new AbortedError({ cause: signal.reason }))
      const onAbort = () => {
        clearTimeout(timer)
        reject(new AbortedError({ cause: signal?.reason }))
      }
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        },
        // setTimeout fires at once above 2^31-1 ms.
        Math.min(Math.max(0, ms), 2_147_483_647),
      )
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  },
  track: work => work,
}
