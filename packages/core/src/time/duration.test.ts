import { describe, expect, it } from 'vitest'
import { durationMs } from './duration.ts'

describe('durationMs', () => {
  it.each([
    [250, 250],
    ['250ms', 250],
    ['90s', 90_000],
    ['5m', 300_000],
    ['1.5h', 5_400_000],
    ['1d', 86_400_000],
    [' 2w ', 1_209_600_000],
    [0, 0],
  ])('%s is %d ms', (duration, expected) => {
    expect(durationMs(duration)).toBe(expected)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, '', '5', 'five minutes', '-5m', '5 m', '1e3s', '1y'])(
    'refuses %s and says what it expected',
    duration => {
      expect(() => durationMs(duration)).toThrow(
        expect.objectContaining({
          code: 'INVALID_DURATION',
          message: expect.stringMatching(/^expected a duration such as .*, was \S.*|was ""$/),
        }),
      )
    },
  )
})
