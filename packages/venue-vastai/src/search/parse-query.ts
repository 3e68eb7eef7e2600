import { invalidInput } from '../client/check-input.ts'
import { nearest } from '../gpu/nearest.ts'
import type { Language } from './language.ts'
import { type Comparison, readComparisons } from './tokens.ts'
import type { WireFilter, WireOperator, WireValue } from './wire-filter.ts'

/** How a query text is read. */
export interface QueryOptions {
  /** Start from the language's defaults (offers: verified, not external, rentable), as the official client does. @default true */
  readonly defaults?: boolean
  /** The official client only warns of fields it does not know, and sends them. A misspelt field then filters nothing. @default 'refuse' */
  readonly unknownFields?: 'refuse' | 'send'
}

type Filter = Record<string, Partial<Record<WireOperator, WireValue | readonly WireValue[]>>>

/** Reads the text language of the official client into the JSON that it sends. */
export function parseQuery(query: string, language: Language, options: QueryOptions = {}): WireFilter {
  const filter: Filter = {}
  if (options.defaults !== false)
    for (const [field, comparisons] of Object.entries(language.defaults)) filter[field] = { ...comparisons }
  for (const comparison of readComparisons(query)) {
    const field = language.aliases[comparison.field] ?? comparison.field
    if (options.unknownFields !== 'send') refuseUnknown(field, language)
    const { operator } = comparison
    const raw = stripEdges(comparison.value)
    const isList = operator === 'in' || operator === 'notin'
    if (!isList && (raw === 'any' || raw === '?' || raw === '*')) {
      if (operator !== 'eq')
        throw invalidInput(`expected "=" before ${raw} in ${comparison.field}: it lifts the filter of the field`)
      delete filter[field]
      continue
    }
    filter[field] = { ...filter[field], [operator]: readValue(comparison, field, raw, language) }
  }
  return filter
}

function readValue(comparison: Comparison, field: string, raw: string, language: Language): WireValue | WireValue[] {
  const isList = comparison.operator === 'in' || comparison.operator === 'notin'
  const parts = isList
    ? raw
        .split(',')
        .map(part => part.trim())
        .filter(part => part !== '')
    : [raw]
  if (parts.length === 0 || parts[0] === '')
    throw invalidInput(`expected a value for ${comparison.field}, was ${JSON.stringify(comparison.value)}`)
  const values = parts.map(part => readOne(part, field, language, isList))
  return isList ? values : (values[0] as WireValue)
}

function readOne(part: string, field: string, language: Language, isInList: boolean): WireValue {
  if (field === 'driver_version' && part.includes('.')) return driverVersionNumber(part)
  const text = part.replaceAll('_', ' ').replace(/^"+|"+$/g, '')
  const factor = language.factors[field]
  if (factor !== undefined) return readNumber(text, field) * factor
  if (language.dates.includes(field)) return readDate(part, field)
  if (isInList) return text
  if (text === 'true' || text === 'True') return true
  if (text === 'false' || text === 'False') return false
  return text === 'None' || text === 'null' ? null : text
}

function readNumber(text: string, field: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isFinite(value)) return value
  throw invalidInput(`expected a number for ${field}, was ${JSON.stringify(text)}`)
}

function readDate(text: string, field: string): number {
  const [, month, day, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? []
  if (month === undefined) return readNumber(text, field)
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  if (date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day)) return date.getTime() / 1000
  throw invalidInput(`expected ${field} as MM/DD/YYYY or epoch seconds, was ${JSON.stringify(text)}`)
}

/**
 * The number that driver versions are compared by: three digits a part.
 *
 * @example
 * driverVersionNumber('535.86.05') // 535086005
 */
export function driverVersionNumber(version: string): number {
  const [, major, minor, patch] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(version) ?? []
  if (major === undefined || minor === undefined || patch === undefined)
    throw invalidInput(`expected a driver version of three parts such as 535.86.05, was ${JSON.stringify(version)}`)
  return Number(major) * 1_000_000 + Number(minor) * 1000 + Number(patch)
}

/** @throws {InvalidInputError} naming the nearest fields that exist. */
export function refuseUnknown(field: string, language: Language): void {
  if (Object.hasOwn(language.fields, field)) return
  const near = nearest(field, [...Object.keys(language.fields), ...Object.keys(language.aliases)], 3)
  throw invalidInput(`${JSON.stringify(field)} is no field of ${language.name}; did you mean ${near.join(', ')}?`)
}

function stripEdges(value: string): string {
  return value.replace(/^[,[\]]+|[,[\]]+$/g, '')
}
