import { type Clock, systemClock } from '@org/core'

/**
 * Time that runs `speed` times as fast as `base`: an hour passes in a minute at 60. Starts at the base's now.
 *
 * @example
 * const clock = scaledClock(60)
 */
export function scaledClock(speed: number, base: Clock = systemClock): Clock {
  const startMs = base.now()
  return {
    now: () => startMs + (base.now() - startMs) * speed,
    sleep: (ms, options) => base.sleep(ms / speed, options),
    track: work => base.track(work),
  }
}
