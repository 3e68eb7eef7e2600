import type { ColumnIndicator, ColumnMeaning } from './columns.ts'
import { expectedIn, type ReferenceFile } from './reference-file.ts'

export interface ColumnResult {
  readonly ok: boolean
  /** Which indicator fits, or why none does. */
  readonly note: string
}

/** Compares one column with the indicators that may be meant; the first that fits counts. */
export function checkColumn(file: ReferenceFile, column: number, meaning: ColumnMeaning): ColumnResult {
  const rounding = meaning.isRelative === true ? 0 : roundingOf(file, column)
  const tolerance = Math.max(meaning.tolerance, rounding)
  const results = meaning.candidates.map(make => checkCandidate(file, column, { ...meaning, tolerance }, make))
  const fitting = results.find(result => result.ok)
  return fitting ?? { ok: false, note: results.map(result => result.note).join('; or ') }
}

/**
 * Half a unit of the last decimal that most cells of the column write, and a little for inputs that were rounded alike. Not the longest: spreadsheets
 * leave single cells unrounded; not each cell's own: many tools drop zeros at the end.
 */
function roundingOf(file: ReferenceFile, column: number): number {
  const cellsByDecimals = new Map<number, number>()
  for (const { cells } of file.rows) {
    const match = /^-?\d+(?:\.(\d+))?$/.exec(cells[column] ?? '')
    if (match === null) continue
    const decimals = match[1]?.length ?? 0
    cellsByDecimals.set(decimals, (cellsByDecimals.get(decimals) ?? 0) + 1)
  }
  const [usual] = [...cellsByDecimals].sort(([, a], [, b]) => b - a)
  return usual === undefined ? 0 : 0.6 * 10 ** -usual[0]
}

interface Comparison {
  readonly compared: number
  readonly worst: number
  readonly firstReadyRow: number
  readonly problem?: string
}

function checkCandidate(
  file: ReferenceFile,
  column: number,
  meaning: ColumnMeaning,
  make: () => ColumnIndicator,
): ColumnResult {
  const indicator = make()
  const { name } = indicator
  const fresh = indicator.snapshot()
  const once = compare(file, column, meaning, () => indicator)
  if (once.problem !== undefined) return { ok: false, note: `${name}: ${once.problem}` }
  if (once.compared === 0)
    return { ok: false, note: `${name}: no row has both an expected value and a ready indicator` }
  // Set back to the beginning, and then with a restart after every row, it must say the same.
  indicator.restore(fresh)
  const restarted = compare(file, column, meaning, row => {
    if (row > 0) indicator.restore(JSON.parse(JSON.stringify(indicator.snapshot())))
    return indicator
  })
  if (restarted.worst !== once.worst || restarted.problem !== undefined)
    return { ok: false, note: `${name}: says something else after a restart` }
  return {
    ok: true,
    note: `${name}, ${once.compared} rows from ${once.firstReadyRow}, off by at most ${once.worst.toPrecision(2)} of ${meaning.tolerance}${meaning.isRelative === true ? ' relative' : ''}`,
  }
}

function compare(
  file: ReferenceFile,
  column: number,
  meaning: ColumnMeaning,
  at: (row: number) => ColumnIndicator,
): Comparison {
  let compared = 0
  let worst = 0
  let firstReadyRow = -1
  for (const [i, row] of file.rows.entries()) {
    const indicator = at(i)
    const value = indicator.update(row.bar)
    const fail = (problem: string) => ({ compared, worst, firstReadyRow, problem: `row ${i}: ${problem}` })
    if (value !== undefined && i < indicator.notReadyRows)
      return fail(`expected no value before row ${indicator.notReadyRows}`)
    if (value !== undefined && firstReadyRow < 0) firstReadyRow = i
    const expected = expectedIn(row, column)
    // Some files were cut from a longer series: what stands above the warm-up rests on bars that are not there.
    if (expected === undefined || i < indicator.notReadyRows) continue
    if (value === undefined) return fail(`expected ${expected}, was not ready`)
    const off = Math.abs(value - expected) / (meaning.isRelative === true ? Math.max(1, Math.abs(expected)) : 1)
    if (!(off <= meaning.tolerance)) return fail(`expected ${expected}, was ${value}`)
    worst = Math.max(worst, off)
    compared++
  }
  return { compared, worst, firstReadyRow }
}
