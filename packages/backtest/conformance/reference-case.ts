/** One case of the reference folder: what to run and what must come out. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type BarColumns, parseBars } from '@org/backtest'

export interface ReferenceCase {
  readonly id: string
  readonly data: string
  readonly bars: number
  readonly strategy: string
  readonly params: Readonly<Record<string, number>>
  readonly broker: {
    readonly cash: number
    readonly commission?: number | readonly [fixed: number, rate: number]
    readonly spread?: number
    readonly margin?: number
    readonly trade_on_close?: boolean
    readonly exclusive_orders?: boolean
    readonly finalize_trades?: boolean
  }
  readonly stats: Readonly<Record<string, number | string | null>>
}

/** Rows of a CSV file as objects. */
export type Row = Readonly<Record<string, string>>

export interface ExpectedCase {
  readonly spec: ReferenceCase
  readonly trades: readonly Row[]
  readonly equity: readonly number[]
}

export function readCase(folder: string, id: string): ExpectedCase {
  // Other languages write infinite and undefined figures as words.
  const text = readFileSync(join(folder, `${id}.json`), 'utf8')
    .replace(/(?<=:\s*-?)Infinity/g, '1e999')
    .replace(/(?<=:\s*)NaN/g, 'null')
  const spec = JSON.parse(text) as ReferenceCase
  const rows = (part: string) => rowsOf(readFileSync(join(folder, `${id}.${part}.csv`), 'utf8'))
  return { spec, trades: rows('trades'), equity: rows('equity').map(({ equity }) => Number(equity)) }
}

function rowsOf(text: string): Row[] {
  const [header = '', ...lines] = text.split(/\r?\n/).filter(line => line !== '')
  const names = header.split(',')
  return lines.map(line => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))
  })
}

/** Ids of the cases in a folder, in order. */
export function caseIds(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.json') && existsSync(join(folder, name.replace(/json$/, 'trades.csv'))))
    .map(name => name.slice(0, -'.json'.length))
    .sort()
}

/**
 * The prices of a case: looked for in the folders that were named, the case's own and those beside it. Where several files have the name, the
 * one with as many bars as the case says.
 */
export function pricesOf(folder: string, dataFolders: readonly string[], { data, bars }: ReferenceCase): BarColumns {
  const beside = dirname(folder)
  const siblings = readdirSync(beside, { withFileTypes: true })
    .filter(entry => entry.isDirectory() || entry.isSymbolicLink())
    .map(entry => join(beside, entry.name))
  const below = dataFolders.filter(existsSync).flatMap(parent =>
    readdirSync(parent, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => join(parent, entry.name)),
  )
  const places = [...dataFolders, folder, ...siblings, ...below]
  const found = [...new Set(places.flatMap(place => [join(place, data), join(place, basename(data))]))].filter(
    existsSync,
  )
  const read = found.map(path => parseBars(readFileSync(path, 'utf8'), { file: basename(path) }).bars)
  const chosen = read.find(({ length }) => length === bars) ?? read.find(({ length }) => length > bars)
  if (chosen !== undefined) return chosen.length === bars ? chosen : chosen.first(bars)
  throw new Error(
    read.length === 0
      ? `${data} was found in none of ${places.join(', ')}: name its folder with --data`
      : `${data} has ${read.map(({ length }) => length).join(' or ')} bars, expected ${bars}`,
  )
}
