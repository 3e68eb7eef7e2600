import { InvalidInputError } from '../errors/automation-error.ts'

/** Milliseconds, or a number with a unit: `'250ms'`, `'5m'`, `'1h'`, `'1d'`, `'2w'`. A day here is 24 hours. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w'}`

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/**
 * Milliseconds of a duration as users write it.
 *
 * @throws {InvalidInputError} `INVALID_DURATION` unless it is a finite number ≥ 0, alone or with a known unit.
 * @example
 * durationMs('5m') // 300000
 */
export function durationMs(duration: Duration | string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(String(duration).trim())
  const ms =
    typeof duration === 'number'
      ? duration
      : match === null
        ? Number.NaN
        : Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]
  if (Number.isFinite(ms) && ms >= 0) return ms
  throw new InvalidInputError({
    code: 'INVALID_DURATION',
    message: `expected a duration such as 300000 (milliseconds), '5m', '1h' or '1d', was ${typeof duration === 'string' ? JSON.stringify(duration) : String(duration)}`,
  })
}
