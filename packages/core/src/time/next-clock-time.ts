import { calendarPeriod } from './calendar-period.ts'

const minuteMs = 60_000
const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * The first instant at or after `afterMs` at which a clock in `timeZone` shows `time`. On a day whose clocks skip that time it is as much
 * later as they skip.
 *
 * @param time Such as `05:00`.
 * @example
 * nextClockTime(Date.UTC(2026, 0, 1, 6), '05:00', 'UTC') // the 2nd of January, 5 o'clock
 */
export function nextClockTime(afterMs: number, time: string, timeZone: string): number {
  const wanted = Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
  const today = calendarPeriod(afterMs, timeZone, 'day')
  const first = shownAt(today.startMs, wanted, timeZone)
  return first >= afterMs ? first : shownAt(today.endMs, wanted, timeZone)
}

/** When the day that starts at `startMs` shows `wanted` minutes after midnight. */
function shownAt(startMs: number, wanted: number, timeZone: string): number {
  const guess = startMs + wanted * minuteMs
  const offBy = wanted - minutesShown(guess, timeZone)
  // Never more than a change of the clocks; the other way round it is the neighbouring day's time.
  const correction = offBy > 720 ? offBy - 1440 : offBy < -720 ? offBy + 1440 : offBy
  const corrected = guess + correction * minuteMs
  return minutesShown(corrected, timeZone) === wanted ? corrected : guess
}

function minutesShown(atMs: number, timeZone: string): number {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    formats.set(timeZone, format)
  }
  let minutes = 0
  for (const { type, value } of format.formatToParts(atMs))
    if (type === 'hour') minutes += Number(value) * 60
    else if (type === 'minute') minutes += Number(value)
  return minutes
}
