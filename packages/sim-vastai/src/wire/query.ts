import { isJsonObject, type JsonObject, parseJson } from './json.ts'
import { invalidArguments } from './refused.ts'

/** Decoded query values. What is not a string was sent as JSON text: `null`, `true`, `20454.0`, `{"a":1}`. */
export type Query = ReadonlyMap<string, string>

const none: Query = new Map()

/** Reads what follows the `?`. @throws {Refused} 400 for broken percent signs. */
export function parseQuery(text: string): Query {
  if (text === '') return none
  const query = new Map<string, string>()
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const key = equals === -1 ? pair : pair.slice(0, equals)
    query.set(decode(key), equals === -1 ? '' : decode(pair.slice(equals + 1)))
  }
  return query
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw invalidArguments('the query string is not valid percent encoding')
  }
}

/** A number; undefined for absent, empty, and the text `null`. @throws {Refused} 400 otherwise. */
export function queryNumber(query: Query, key: string): number | undefined {
  const text = query.get(key)
  if (text === undefined || text === '' || text === 'null') return undefined
  const number = Number(text)
  if (!Number.isFinite(number)) throw invalidArguments(`Invalid ${key}: expected a number`)
  return number
}

/** True for the texts `true`, `True` and `1`. */
export function queryFlag(query: Query, key: string, absent = false): boolean {
  const text = query.get(key)
  return text === undefined ? absent : text === 'true' || text === 'True' || text === '1'
}

/** A JSON object; `{}` when absent. @throws {Refused} 400 when it is anything else. */
export function queryObject(query: Query, key: string): JsonObject {
  const text = query.get(key)
  if (text === undefined || text === '' || text === 'null') return {}
  const value = parseJson(text)
  if (!isJsonObject(value)) throw invalidArguments(`Invalid ${key}: expected a JSON object`)
  return value
}
