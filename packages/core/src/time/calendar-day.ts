import { InvalidInputError } from '../errors/automation-error.ts'

export interface CalendarDay {
  /** First instant of the day, milliseconds since the epoch. */
  readonly startMs: number
  /** First instant of the next day; usually 23, 24 or 25 hours later. */
  readonly endMs: number
}

/** A time zone that was named right. */
export interface Zone {
  readonly format: Intl.DateTimeFormat
  /** The day asked for last: questions come in order, and `Intl` is slow. */
  latest: CalendarDay | undefined
}

const hourMs = 3_600_000
const dayMs = 86_400_000
const zones = new Map<string, Zone>()

/**
 * The calendar day that `nowMs` falls into in a named time zone, daylight saving included. Days follow each other without gap or overlap,
 * also where clocks jump over midnight, show it twice, or leave out a whole date.
 *
 * @param timeZone IANA name such as `UTC` or `Europe/Berlin`.
 * @throws {InvalidInputError} `INVALID_TIME_ZONE`, or `INVALID_TIME` when `nowMs` is no time.
 * @example
 * calendarDay(Date.UTC(2026, 2, 29, 12), 'Europe/Berlin') // 23 hours long
 */
export function calendarDay(nowMs: number, timeZone: string): CalendarDay {
  const zone = zoneNamed(timeZone)
  const { latest } = zone
  if (latest !== undefined && nowMs >= latest.startMs && nowMs < latest.endMs) return latest
  if (!(nowMs > Date.UTC(1000, 0) && nowMs < Date.UTC(9999, 0)))
    throw new InvalidInputError({
      code: 'INVALID_TIME',
      message: `expected milliseconds since the epoch, was ${String(nowMs)}`,
    })
  const today = dateAt(nowMs, zone)
  let startMs = firstInstant(today, zone)
  let endMs = firstInstant(today + dayMs, zone)
  // Where clocks go back over midnight a date shows twice; the boundary between both days stays one instant.
  if (nowMs < startMs) {
    endMs = startMs
    startMs = firstInstant(today - dayMs, zone)
  } else if (nowMs >= endMs) {
    startMs = endMs
    endMs = firstInstant(today + 2 * dayMs, zone)
  }
  zone.latest = { startMs, endMs }
  return zone.latest
}

/**
 * The instant at which the zone's clocks come to show `date` or, when that date does not exist there, a later one.
 *
 * @param date The date as if it were UTC: a multiple of a day.
 */
export function firstInstant(date: number, zone: Zone): number {
  // Offsets lie between -12 and +14 hours; for ages Manila and Alaska were half a day further out.
  let before = date - 17 * hourMs
  let reached = date + 17 * hourMs
  while (reached - before > 1000) {
    const middle = before + Math.floor((reached - before) / 2000) * 1000
    if (dateAt(middle, zone) >= date) reached = middle
    else before = middle
  }
  return reached
}

/** The date that the zone's clocks show at `atMs`, as if it were UTC. */
export function dateAt(atMs: number, zone: Zone): number {
  let year = 0
  let month = 0
  let day = 0
  for (const part of zone.format.formatToParts(atMs)) {
    if (part.type === 'year') year = Number(part.value)
    else if (part.type === 'month') month = Number(part.value)
    else if (part.type === 'day') day = Number(part.value)
  }
  return Date.UTC(year, month - 1, day)
}

export function zoneNamed(timeZone: string): Zone {
  const known = zones.get(timeZone)
  if (known !== undefined) return known
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' })
    const created: Zone = { format, latest: undefined }
    zones.set(timeZone, created)
    return created
  } catch (cause) {
    throw new InvalidInputError({
      code: 'INVALID_TIME_ZONE',
      message: `expected an IANA time zone such as UTC or Europe/Berlin, was ${JSON.stringify(timeZone)}`,
      cause,
    })
  }
}
