import { type Clock, systemClock } from '@org/core'

/**
 * Real time, `speed` times as fast: an hour passes in a minute at 60.
 *
 * @example
 * const clock = scaledClock(60)
 */
export function scaledClock(speed: number): Clock {
  const startMs = systemClock.now()
  return {
    now: () => startMs + (systemClock.now() - startMs) * speed,
    sleep: (ms, options) => systemClock.sleep(ms / speed, options),
    track: work => work,
  }
}
