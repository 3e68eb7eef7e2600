import type { Bar } from './bar.ts'
import { BarCheck } from './bar-check.ts'
import { barError } from './bar-error.ts'
import { parseTime } from './parse-time.ts'

export type BarFormat = 'csv' | 'jsonl'

const names = {
  openTime: ['', 'time', 'date', 'datetime', 'timestamp', 'opentime', 'open_time', 't', 'ts'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'v', 'vol'],
} as const
type Column = keyof typeof names

const columns = Object.keys(names) as Column[]

/**
 * Reads bars line by line. CSV has a header with the usual names in any case (the time may have none); JSONL has one object, or one array of time,
 * open, high, low, close and volume, a line. Times without a zone are UTC and the start of the bar; a volume may be missing.
 */
export class RowReader {
  readonly check = new BarCheck()
  readonly #file: string
  readonly #format: BarFormat
  #header: ReadonlyMap<Column, number> | undefined
  #row = 0

  constructor(file: string, format: BarFormat) {
    this.#file = file
    this.#format = format
  }

  /** Lines read so far. */
  get rows(): number {
    return this.#row
  }

  /** @returns Nothing for a header or an empty line. @throws InvalidInputError with file and row. */
  read(line: string): Bar | undefined {
    this.#row++
    const text = line.trim()
    if (text === '') return undefined
    if (this.#format === 'jsonl') return this.#bar(this.#jsonField(text))
    const cells = text
      .split(text.includes(';') && !text.includes(',') ? ';' : ',')
      .map(cell => cell.trim().replace(/^"(.*)"$/, '$1'))
    if (this.#header === undefined) {
      this.#header = this.#headerOf(cells)
      return undefined
    }
    const header = this.#header
    return this.#bar(column => cells[header.get(column) ?? -1])
  }

  #headerOf(cells: readonly string[]): ReadonlyMap<Column, number> {
    const header = new Map<Column, number>()
    for (const column of columns) {
      const at = cells.findIndex(cell =>
        (names[column] as readonly string[]).includes(cell.replace(/^\ufeff/, '').toLowerCase()),
      )
      if (at >= 0) header.set(column, at)
      else if (column !== 'volume')
        throw barError(
          'BAD_BAR',
          this.#place,
          `no column is named ${names[column].filter(Boolean).join(', ')}: was ${cells.join(',')}`,
        )
    }
    return header
  }

  #jsonField(text: string): (column: Column) => unknown {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      throw barError('BAD_BAR', this.#place, 'expected one JSON object or array a line')
    }
    if (Array.isArray(value)) return column => (value as unknown[])[columns.indexOf(column)]
    if (typeof value !== 'object' || value === null)
      throw barError('BAD_BAR', this.#place, 'expected a JSON object or array')
    const fields = new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field as unknown]))
    return column => names[column].map(name => fields.get(name)).find(field => field !== undefined)
  }

  #bar(field: (column: Column) => unknown): Bar {
    const time = field('openTime')
    const parsed = typeof time === 'string' || typeof time === 'number' ? parseTime(time) : undefined
    if (parsed === undefined)
      throw barError(
        'BAD_BAR',
        this.#place,
        `time: expected a date such as 2026-01-31 09:30:00 or milliseconds, was ${shown(time)}`,
      )
    this.check.zone(parsed.zone, this.#place)
    const number = (column: Column) => this.#number(column, field(column))
    const bar: Bar = {
      openTime: parsed.ms,
      open: number('open'),
      high: number('high'),
      low: number('low'),
      close: number('close'),
      volume: field('volume') === undefined ? 0 : number('volume'),
    }
    this.check.bar(bar, this.#place)
    return bar
  }

  #number(column: Column, value: unknown): number {
    const isText = typeof value === 'string' && value.trim() !== ''
    const number = typeof value === 'number' ? value : isText ? Number(value) : Number.NaN
    if (Number.isFinite(number)) return number
    throw barError('BAD_BAR', this.#place, `${column}: expected a number, was ${shown(value)}`)
  }

  get #place() {
    return { file: this.#file, row: this.#row }
  }
}

function shown(value: unknown): string {
  return value === undefined || value === '' ? 'missing' : JSON.stringify(value).slice(0, 40)
}
