import type { Bar } from '@org/indicators'

/** One row: the bar as far as the file has it, and the text of every cell. */
export interface ReferenceRow {
  readonly bar: Bar
  readonly cells: readonly string[]
}

/** A file of expected values: inputs and what an indicator says after each. */
export interface ReferenceFile {
  readonly headers: readonly string[]
  readonly rows: readonly ReferenceRow[]
}

/**
 * Reads comma-separated values with a header. Fields of the bar that the file lacks are filled from the close, the volume with 0: an indicator is
 * only compared where the file has a column for it.
 */
export function parseReferenceFile(text: string): ReferenceFile {
  const [head, ...lines] = text.split(/\r?\n/).filter(line => line.trim() !== '')
  const headers = cellsOf(head ?? '')
  const places = new Map(headers.map((header, i) => [header.toLowerCase(), i]))
  const closeAt = places.get('close')
  if (closeAt === undefined) throw new Error(`expected a column Close, found ${headers.join(', ')}`)
  const rows = lines.map((line, i): ReferenceRow => {
    const cells = cellsOf(line)
    const field = (name: string, fallback: number) => {
      const place = places.get(name)
      return place === undefined ? fallback : numberIn(cells[place] ?? '', `line ${i + 2}, ${name}`)
    }
    const close = field('close', Number.NaN)
    return {
      cells,
      bar: {
        open: field('open', close),
        high: field('high', close),
        low: field('low', close),
        close,
        volume: field('volume', 0),
      },
    }
  })
  if (rows.length === 0) throw new Error('expected rows below the header, found none')
  return { headers, rows }
}

/** The number that is expected there, or `undefined` where the cell is empty (or `NaN`, as some tools write). */
export function expectedIn(row: ReferenceRow, column: number): number | undefined {
  const text = row.cells[column] ?? ''
  return text === '' || /^nan$/i.test(text) ? undefined : numberIn(text, 'expected value')
}

// `trim` also takes a byte order mark away.
function cellsOf(line: string): string[] {
  return line.split(',').map(cell => cell.trim().replace(/^"(.*)"$/, '$1'))
}

function numberIn(text: string, where: string): number {
  const value = Number(text)
  if (text === '' || !Number.isFinite(value)) throw new Error(`${where}: expected a number, was "${text}"`)
  return value
}
