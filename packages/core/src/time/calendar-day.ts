import { InvalidInputError } from '../errors/automation-error.ts'

export interface CalendarDay {
  /** First instant of the day, milliseconds since the epoch. */
  readonly startMs: number
  /** First instant of the next day; 23, 24 or 25 hours later. */
  readonly endMs: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * The calendar day that `nowMs` falls into in a named time zone, daylight saving included.
 *
 * @param timeZone IANA name such as `UTC` or `Europe/Berlin`.
 * @throws {InvalidInputError} `INVALID_TIME_ZONE`
 * @example
 * calendarDay(Date.UTC(2026, 2, 29, 12), 'Europe/Berlin') // 23 hours long
 */
export function calendarDay(nowMs: number, timeZone: string): CalendarDay {
  const [year, month, day] = localDate(nowMs, timeZone)
  return {
    startMs: midnight(year, month, day, timeZone),
    endMs: midnight(year, month, day + 1, timeZone),
  }
}

/** The first instant at which the zone's clocks show the given date. */
function midnight(year: number, month: number, day: number, timeZone: string): number {
  const asUtc = Date.UTC(year, month - 1, day)
  // The offset at midnight is one of those in force half a day before and after; the earlier instant that shows the date wins.
  const candidates = [-43_200_000, 43_200_000]
    .map(shift => asUtc - offsetMs(asUtc + shift, timeZone))
    .sort((a, b) => a - b)
  const wanted = new Date(asUtc)
  for (const candidate of candidates) {
    const [, m, d] = localDate(candidate, timeZone)
    if (m === wanted.getUTCMonth() + 1 && d === wanted.getUTCDate()) return candidate
  }
  return candidates[0] ?? asUtc
}

function offsetMs(atMs: number, timeZone: string): number {
  const [year, month, day, hour, minute, second] = localDate(atMs, timeZone)
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000
}

function localDate(atMs: number, timeZone: string): [number, number, number, number, number, number] {
  const parts: Record<string, number> = {}
  for (const part of format(timeZone).formatToParts(atMs))
    if (part.type !== 'literal') parts[part.type] = Number(part.value)
  return [
    parts['year'] ?? 0,
    parts['month'] ?? 0,
    parts['day'] ?? 0,
    parts['hour'] ?? 0,
    parts['minute'] ?? 0,
    parts['second'] ?? 0,
  ]
}

function format(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  let created: Intl.DateTimeFormat
  try {
    created = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (cause) {
    throw new InvalidInputError({
      code: 'INVALID_TIME_ZONE',
      message: `expected an IANA time zone such as UTC or Europe/Berlin, was ${JSON.stringify(timeZone)}`,
      cause,
    })
  }
  formats.set(timeZone, created)
  return created
}
