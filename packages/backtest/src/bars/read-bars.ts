import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { AutomationError, describeError } from '@org/core'
import type { Bar } from './bar.ts'
import { BarColumns } from './bar-columns.ts'
import { type BarWarning, barError } from './bar-error.ts'
import { type BarFormat, RowReader } from './row-reader.ts'

/** Bars that are read at a time while streaming. */
const chunkBars = 16_384

/** A line is never longer; what is, is no file of bars. */
const lineLengthMax = 100_000

export interface ReadBars {
  readonly bars: BarColumns
  readonly warnings: readonly BarWarning[]
}

/**
 * Reads the text of a file of bars.
 *
 * @throws InvalidInputError with file and row; see `BarErrorCode`.
 * @example
 * parseBars('time,open,high,low,close\n2026-01-02,10,11,9,10.5\n', { file: 'lemons.csv' }).bars.length // 1
 */
export function parseBars(text: string, options: { readonly file: string; readonly format?: BarFormat }): ReadBars {
  const reader = new RowReader(options.file, options.format ?? formatOf(options.file))
  const bars: Bar[] = []
  for (const line of text.split('\n')) {
    const bar = reader.read(line)
    if (bar !== undefined) bars.push(bar)
  }
  requireSome(bars.length, options.file, reader)
  return { bars: BarColumns.of(bars), warnings: reader.check.warnings }
}

/**
 * Reads a file piece by piece: memory stays flat however long it is. Warnings go to `onWarning` as they are found.
 *
 * @throws InvalidInputError with file and row; `BARS_UNREADABLE` when there is none.
 */
export async function* streamBars(
  path: string,
  options: { readonly format?: BarFormat; readonly onWarning?: (warning: BarWarning) => void } = {},
): AsyncGenerator<BarColumns> {
  const file = basename(path)
  const reader = new RowReader(file, options.format ?? formatOf(path))
  let bars: Bar[] = []
  let total = 0
  let told = 0
  for await (const line of linesOf(path)) {
    const bar = reader.read(line)
    for (; told < reader.check.warnings.length; told++) options.onWarning?.(reader.check.warnings[told] as BarWarning)
    if (bar === undefined) continue
    bars.push(bar)
    total++
    if (bars.length < chunkBars) continue
    yield BarColumns.of(bars)
    bars = []
  }
  requireSome(total, file, reader)
  if (bars.length > 0) yield BarColumns.of(bars)
}

async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = ''
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
      const lines = (rest + (chunk as string)).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > lineLengthMax)
        throw barError('BAD_BAR', { file: basename(path), row: 1 }, 'a line is too long for a bar')
      yield* lines
    }
  } catch (error) {
    if (AutomationError.isInstance(error)) throw error
    throw new AutomationError({
      code: 'BARS_UNREADABLE',
      message: `${path} cannot be read: ${describeError(error)}`,
      cause: error,
    })
  }
  if (rest !== '') yield rest
}

function formatOf(path: string): BarFormat {
  return /\.(jsonl|ndjson)$/i.test(path) ? 'jsonl' : 'csv'
}

function requireSome(count: number, file: string, { rows }: RowReader): void {
  if (count === 0)
    throw barError('NO_BARS', { file, row: Math.max(1, rows) }, 'expected at least one bar, the file has none')
}
