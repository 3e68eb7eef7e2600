import { type Amount, type Micros, toMicros } from '../../money/micros.ts'
import { type Duration, durationMs } from '../../time/duration.ts'
import { unusableConstraint } from '../constraint.ts'

/**
 * What only presets know of their options: that a share is at most 100 %, that actions come in pieces, that a window has a length. Checked
 * here by the names that users write; the constraint itself would call all of them `limit` or `aggregation`.
 *
 * @throws {InvalidInputError} `INVALID_CONSTRAINT`
 */
export function requirePercent(constraint: string, option: string, percent: Amount): void {
  const exact = microsOf(percent)
  if (exact === undefined || exact <= 0 || exact > 100e6)
    throw unusableConstraint(constraint, `${option}: expected per cent above 0 and at most 100, was ${String(percent)}`)
}

/** A whole number of at least `min`. See {@link requirePercent}. */
export function requirePieces(constraint: string, option: string, pieces: Amount, min: number): void {
  const exact = microsOf(pieces)
  if (exact === undefined || exact < min * 1e6 || exact % 1e6 !== 0)
    throw unusableConstraint(constraint, `${option}: expected a whole number of at least ${min}, was ${String(pieces)}`)
}

/** Money above 0. See {@link requirePercent}. */
export function requireAboveZero(constraint: string, option: string, amount: Amount): void {
  const exact = microsOf(amount)
  if (exact === undefined || exact <= 0)
    throw unusableConstraint(constraint, `${option}: expected an amount above 0, was ${String(amount)}`)
}

/** A length of time of at least a millisecond. See {@link requirePercent}. */
export function requireLength(constraint: string, option: string, length: Duration): void {
  if (durationMs(length) < 1)
    throw unusableConstraint(constraint, `${option}: expected at least 1 ms, such as '1h', was ${String(length)}`)
}

function microsOf(amount: Amount): Micros | undefined {
  try {
    return toMicros(amount, 'down')
  } catch {
    return undefined
  }
}
