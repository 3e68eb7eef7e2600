import { AbortedError } from '../errors/automation-error.ts'
import type { Clock } from './clock.ts'

/** `setTimeout` fires at once when asked for more. */
const timerMsMax = 2_147_483_647

/** Real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep(ms, options) {
    return new Promise((resolve, reject) => {
      const signal = options?.signal
      if (signal?.aborted) return reject(new AbortedError({ cause: signal.reason }))
      let leftMs = Math.max(0, ms || 0)
      let timer: NodeJS.Timeout
      const onAbort = () => {
        clearTimeout(timer)
        reject(new AbortedError({ cause: signal?.reason }))
      }
      const wait = () => {
        const partMs = Math.min(leftMs, timerMsMax)
        leftMs -= partMs
        timer = setTimeout(leftMs > 0 ? wait : wake, partMs)
      }
      const wake = () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      wait()
    })
  },
  track: work => work,
}
