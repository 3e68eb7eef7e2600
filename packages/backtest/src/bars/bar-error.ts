import { InvalidInputError } from '@org/core'

/**
 * - `NO_BARS`: an empty file, or a header alone.
 * - `BAD_BAR`: a row with a value missing, no number, zero or negative where a price is meant, or a high below its low.
 * - `BARS_UNSORTED`: a row that is older than the one before.
 * - `BARS_DUPLICATED`: the same time twice.
 * - `BARS_MIXED_ZONES`: some times say their zone and others do not.
 */
export type BarErrorCode = 'NO_BARS' | 'BAD_BAR' | 'BARS_UNSORTED' | 'BARS_DUPLICATED' | 'BARS_MIXED_ZONES'

/** Where a row stands: the file as it was named and its line, from 1, the header counted. */
export interface BarPlace {
  readonly file: string
  readonly row: number
}

export function barError(code: BarErrorCode, { file, row }: BarPlace, problem: string): InvalidInputError {
  return new InvalidInputError({ code, message: `${file} row ${row}: ${problem}`, details: { file, row } })
}

/** What may be right, and what a person should look at. */
export interface BarWarning extends BarPlace {
  readonly code: 'SPLIT_LIKE_JUMP'
  readonly message: string
}
