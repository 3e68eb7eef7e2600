import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkColumn } from './check-column.ts'
import { meaningOf } from './columns.ts'
import { parseReferenceFile } from './reference-file.ts'

/** One line of the report; `ok` is `undefined` for what is only said. */
export interface ReportLine {
  readonly ok?: boolean
  readonly text: string
}

/** Checks every column that is known in every `.txt` and `.csv` file of a folder. A file without any counts as failed. */
export function checkFolder(folder: string): ReportLine[] {
  const names = readdirSync(folder)
    .filter(name => /\.(txt|csv)$/i.test(name))
    .sort()
  if (names.length === 0) return [{ ok: false, text: `${folder}: expected .txt or .csv files, found none` }]
  return names.flatMap(name => {
    try {
      return checkFile(name, readFileSync(join(folder, name), 'utf8'))
    } catch (error) {
      return [{ ok: false, text: `${name}: ${error instanceof Error ? error.message : String(error)}` }]
    }
  })
}

const inputs = new Set(['', 'date', 'time', 'open', 'high', 'low', 'close', 'volume', 'returns'])

/** Columns that LEAN's README or tests set aside, by file. */
const setAside = new Map([['spy_with_indicators.txt', ['obv']]])

/** Checks the known columns of one file and names the others. */
export function checkFile(name: string, text: string): ReportLine[] {
  const file = parseReferenceFile(text)
  const lines: ReportLine[] = []
  const ignored: string[] = []
  for (const [i, header] of file.headers.entries()) {
    const key = header.toLowerCase()
    if (inputs.has(key)) continue
    const meaning = setAside.get(name)?.includes(key) === true ? undefined : meaningOf(header, file.headers)
    if (meaning === undefined) {
      ignored.push(header)
      continue
    }
    const { ok, note } = checkColumn(file, i, meaning)
    lines.push({ ok, text: `${name} ${header}: ${note}` })
  }
  if (lines.length === 0) return [{ ok: false, text: `${name}: no column is known of ${file.headers.join(', ')}` }]
  if (ignored.length > 0) lines.push({ text: `${name}: not compared: ${ignored.join(', ')}` })
  return lines
}
