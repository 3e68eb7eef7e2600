import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarDay } from './calendar-day.ts'

const hourMs = 3_600_000

const utc = (text: string) => Date.parse(`${text}Z`)
const hours = ({ startMs, endMs }: { startMs: number; endMs: number }) => (endMs - startMs) / hourMs

describe('calendarDay', () => {
  it('is 23 hours long when clocks go forward, 25 when they go back', () => {
    expect(hours(calendarDay(utc('2026-03-29T12:00'), 'Europe/Berlin'))).toBe(23)
    expect(hours(calendarDay(utc('2026-10-25T12:00'), 'Europe/Berlin'))).toBe(25)
    expect(hours(calendarDay(utc('2026-07-01T12:00'), 'Europe/Berlin'))).toBe(24)
    expect(hours(calendarDay(utc('2026-03-08T12:00'), 'America/New_York'))).toBe(23)
  })

  it('begins at midnight of the zone', () => {
    expect(calendarDay(utc('2026-07-01T23:30'), 'Europe/Berlin')).toEqual({
      startMs: utc('2026-07-01T22:00'),
      endMs: utc('2026-07-02T22:00'),
    })
    expect(calendarDay(utc('2026-12-31T23:59:59.999'), 'UTC').endMs).toBe(utc('2027-01-01T00:00'))
    expect(calendarDay(utc('2026-07-01T10:00'), 'Pacific/Kiritimati').startMs).toBe(utc('2026-07-01T10:00'))
    expect(calendarDay(utc('2026-07-01T18:14'), 'Asia/Kathmandu').endMs).toBe(utc('2026-07-01T18:15'))
  })

  it('begins at the first instant there is where midnight is left out', () => {
    // 2018-11-04 in São Paulo: 23:59:59 (UTC-3), then 01:00:00 (UTC-2).
    expect(calendarDay(utc('2018-11-04T12:00'), 'America/Sao_Paulo')).toEqual({
      startMs: utc('2018-11-04T03:00'),
      endMs: utc('2018-11-05T02:00'),
    })
    expect(hours(calendarDay(utc('2018-11-04T02:59'), 'America/Sao_Paulo'))).toBe(24)
    // 2026-03-29 in Beirut: 23:59:59 (UTC+2), then 01:00:00 (UTC+3).
    expect(calendarDay(utc('2026-03-29T12:00'), 'Asia/Beirut')).toEqual({
      startMs: utc('2026-03-28T22:00'),
      endMs: utc('2026-03-29T21:00'),
    })
  })

  it('does not end before it began where a whole date is left out', () => {
    // Samoa went from 2011-12-29 24:00 (UTC-10) to 2011-12-31 00:00 (UTC+14).
    const last = calendarDay(utc('2011-12-30T09:59'), 'Pacific/Apia')
    expect(last).toEqual({ startMs: utc('2011-12-29T10:00'), endMs: utc('2011-12-30T10:00') })
    expect(calendarDay(last.endMs, 'Pacific/Apia')).toEqual({ startMs: last.endMs, endMs: utc('2011-12-31T10:00') })
  })

  it('keeps one boundary where midnight shows twice', () => {
    // Havana 2026-11-01: 01:00 goes back to 00:00; St. John's 2010-11-07: 00:01 went back to 23:01 of the day before.
    expect(hours(calendarDay(utc('2026-11-01T12:00'), 'America/Havana'))).toBe(25)
    for (const minute of [0, 1, 30, 61, 62, 90]) {
      const nowMs = utc('2010-11-07T02:30') + minute * 60_000
      const { startMs, endMs } = calendarDay(nowMs, 'America/St_Johns')
      expect(startMs <= nowMs && nowMs < endMs, `minute ${minute}`).toBe(true)
    }
  })

  it('holds the instant it was asked for, and the next day begins where it ends, in every zone', () => {
    const zones = fc.constantFrom('UTC', ...Intl.supportedValuesOf('timeZone'))
    const instants = fc.integer({ min: utc('1990-01-01T00:00'), max: utc('2035-01-01T00:00') })
    fc.assert(
      fc.property(zones, instants, (zone, nowMs) => {
        const day = calendarDay(nowMs, zone)
        expect(day.startMs <= nowMs && nowMs < day.endMs).toBe(true)
        expect(calendarDay(day.endMs, zone).startMs).toBe(day.endMs)
        expect(calendarDay(day.startMs, zone)).toEqual(day)
      }),
      { numRuns: 300 },
    )
  })

  it('refuses an unknown zone and a time that is none, in one line', () => {
    expect(() => calendarDay(0, 'Europe/Atlantis')).toThrow(
      expect.objectContaining({
        code: 'INVALID_TIME_ZONE',
        message: 'expected an IANA time zone such as UTC or Europe/Berlin, was "Europe/Atlantis"',
      }),
    )
    for (const time of [Number.NaN, Number.POSITIVE_INFINITY, -1e15])
      expect(() => calendarDay(time, 'UTC')).toThrow(expect.objectContaining({ code: 'INVALID_TIME' }))
  })
})
