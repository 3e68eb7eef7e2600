import { type CalendarDay, calendarDay, dateAt, firstInstant, zoneNamed } from './calendar-day.ts'

export type Period = 'day' | 'week' | 'month'

const dayMs = 86_400_000
const latest = new Map<string, CalendarDay>()

/**
 * The calendar day, week (from Monday) or month that `nowMs` falls into in a named time zone, daylight saving included.
 *
 * @param timeZone IANA name such as `UTC` or `Europe/Berlin`.
 * @throws {InvalidInputError} `INVALID_TIME_ZONE`, or `INVALID_TIME` when `nowMs` is no time.
 * @example
 * calendarPeriod(Date.UTC(2026, 2, 25), 'Europe/Berlin', 'week') // 167 hours long
 */
export function calendarPeriod(nowMs: number, timeZone: string, period: Period): CalendarDay {
  if (period === 'day') return calendarDay(nowMs, timeZone)
  const key = `${period} ${timeZone}`
  const known = latest.get(key)
  if (known !== undefined && nowMs >= known.startMs && nowMs < known.endMs) return known
  const zone = zoneNamed(timeZone)
  const { startMs, endMs } = calendarDay(nowMs, timeZone)
  const today = new Date(dateAt(startMs + (endMs - startMs) / 2, zone))
  const [year, month, date] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()]
  const monday = date - ((today.getUTCDay() + 6) % 7)
  const [from, to] =
    period === 'week'
      ? [Date.UTC(year, month, monday), Date.UTC(year, month, monday) + 7 * dayMs]
      : [Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1)]
  const found = { startMs: firstInstant(from, zone), endMs: firstInstant(to, zone) }
  latest.set(key, found)
  return found
}
