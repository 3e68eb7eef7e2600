import type { Bar } from './bar.ts'
import { type BarPlace, type BarWarning, barError } from './bar-error.ts'
import type { ParsedTime } from './parse-time.ts'

/** From here on the step from one close to the next open looks like a split that was not applied. */
const jumpMin = 5 / 3

/** How many warnings are kept; a file of another asset's prices would give one for each row. */
const warningsMax = 100

/** Looks at one bar after the other, in the order of the file. */
export class BarCheck {
  readonly warnings: BarWarning[] = []
  #previous: Bar | undefined
  #zone: ParsedTime['zone'] | undefined

  /** @throws InvalidInputError `BARS_MIXED_ZONES` when some times have a zone and others have none. */
  zone(zone: ParsedTime['zone'], place: BarPlace): void {
    this.#zone ??= zone
    if (zone === this.#zone || isZoned(zone) === isZoned(this.#zone)) return
    const told = (is: ParsedTime['zone']) =>
      isZoned(is) ? 'with a zone' : is === 'number' ? 'as a number' : 'without a zone'
    throw barError(
      'BARS_MIXED_ZONES',
      place,
      `a time ${told(zone)} after times ${told(this.#zone)}: write all of them alike`,
    )
  }

  /** @throws InvalidInputError for a bar that cannot be; see `BarErrorCode`. */
  bar(bar: Bar, place: BarPlace): void {
    for (const name of ['open', 'high', 'low', 'close'] as const)
      if (!(bar[name] > 0 && bar[name] < Number.POSITIVE_INFINITY))
        throw barError('BAD_BAR', place, `${name}: expected a price above 0, was ${bar[name]}`)
    if (!(bar.volume >= 0)) throw barError('BAD_BAR', place, `volume: expected at least 0, was ${bar.volume}`)
    if (bar.high < Math.max(bar.open, bar.close, bar.low) || bar.low > Math.min(bar.open, bar.close))
      throw barError(
        'BAD_BAR',
        place,
        `open ${bar.open} and close ${bar.close} are outside low ${bar.low} to high ${bar.high}`,
      )
    const previous = this.#previous
    this.#previous = bar
    if (previous === undefined) return
    if (bar.openTime === previous.openTime)
      throw barError('BARS_DUPLICATED', place, `${timeText(bar)} stands in the row before, too`)
    if (bar.openTime < previous.openTime)
      throw barError(
        'BARS_UNSORTED',
        place,
        `${timeText(bar)} comes after ${timeText(previous)}: sort the file by time`,
      )
    const step = bar.open / previous.close
    if ((step >= jumpMin || step <= 1 / jumpMin) && this.warnings.length < warningsMax)
      this.warnings.push({
        code: 'SPLIT_LIKE_JUMP',
        ...place,
        message: `${place.file} row ${place.row}: opens at ${bar.open} after a close of ${previous.close}: a split of ${splitText(step)} that was not applied?`,
      })
  }
}

function isZoned(zone: ParsedTime['zone']): boolean {
  return zone === 'utc' || zone === 'offset'
}

function splitText(step: number): string {
  return step < 1 ? `${Math.round(1 / step)}:1` : `1:${Math.round(step)}`
}

function timeText({ openTime }: Bar): string {
  return new Date(openTime).toISOString()
}
