import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarPeriod } from './calendar-period.ts'
import { nextClockTime } from './next-clock-time.ts'

const utc = (text: string) => Date.parse(`${text}Z`)
const hours = ({ startMs, endMs }: { startMs: number; endMs: number }) => (endMs - startMs) / 3_600_000

describe('calendarPeriod', () => {
  it('gives weeks from Monday, an hour shorter or longer when the clocks change', () => {
    expect(calendarPeriod(utc('2026-01-11T23:59'), 'UTC', 'week')).toEqual({
      startMs: utc('2026-01-05T00:00'),
      endMs: utc('2026-01-12T00:00'),
    })
    expect(hours(calendarPeriod(utc('2026-03-25T12:00'), 'Europe/Berlin', 'week'))).toBe(167)
    expect(hours(calendarPeriod(utc('2026-10-25T12:00'), 'Europe/Berlin', 'week'))).toBe(169)
  })

  it('gives months of the zone, over the turn of the year too', () => {
    expect(calendarPeriod(utc('2026-12-31T20:00'), 'Asia/Tokyo', 'month')).toEqual({
      startMs: utc('2026-12-31T15:00'),
      endMs: utc('2027-01-31T15:00'),
    })
    expect(hours(calendarPeriod(utc('2028-02-29T12:00'), 'UTC', 'month'))).toBe(29 * 24)
  })

  it('holds the time asked for, and ends where the next begins', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: utc('1990-01-01T00:00'), max: utc('2060-01-01T00:00') }),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
        fc.constantFrom('day' as const, 'week' as const, 'month' as const),
        (atMs, zone, period) => {
          const { startMs, endMs } = calendarPeriod(atMs, zone, period)
          expect(startMs <= atMs && atMs < endMs).toBe(true)
          expect(calendarPeriod(endMs, zone, period).startMs).toBe(endMs)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('nextClockTime', () => {
  it('is today or tomorrow, by the clocks of the zone', () => {
    expect(nextClockTime(utc('2026-01-01T03:59'), '05:00', 'Europe/Berlin')).toBe(utc('2026-01-01T04:00'))
    expect(nextClockTime(utc('2026-01-01T04:00'), '05:00', 'Europe/Berlin')).toBe(utc('2026-01-01T04:00'))
    expect(nextClockTime(utc('2026-01-01T04:01'), '05:00', 'Europe/Berlin')).toBe(utc('2026-01-02T04:00'))
  })

  it('follows the clocks when they change', () => {
    expect(nextClockTime(utc('2026-03-29T00:00'), '05:00', 'Europe/Berlin')).toBe(utc('2026-03-29T03:00'))
    // 02:30 does not exist that night: it is 03:30 instead.
    expect(nextClockTime(utc('2026-03-29T00:00'), '02:30', 'Europe/Berlin')).toBe(utc('2026-03-29T01:30'))
  })
})
