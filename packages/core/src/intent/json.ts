import { InvalidInputError } from '../errors/automation-error.ts'

/** What can be written into the journal and read back unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Deeper than any intent; what goes further has a loop in it. */
const depthMax = 64

/** Text that is longer than this may be nested so deep that a recursion over it ends the process. */
const surelyShallowLength = 2_000

/**
 * JSON text in the order in which `value` was built, several times as fast as {@link canonicalJson}. Hot path: every journal entry goes
 * through here.
 *
 * @throws {InvalidInputError} `NOT_JSON` for a bigint, or a value that contains itself.
 */
export function jsonText(value: unknown): string {
  let text: string
  try {
    text = JSON.stringify(value)
  } catch {
    // Says what is wrong with it.
    return canonicalJson(value)
  }
  if (text.length > surelyShallowLength) requireShallow(value, 0)
  return text
}

function requireShallow(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return
  if (depth >= depthMax) throw tooDeep()
  for (const key in value) requireShallow((value as Record<string, unknown>)[key], depth + 1)
}

/**
 * JSON text with sorted keys and without `undefined`: equal values give equal bytes. As in JSON, numbers that are not finite become
 * `null` and a `Date` its text.
 *
 * @throws {InvalidInputError} `NOT_JSON` for a bigint, or a value that contains itself.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0) ?? 'null'
}

function write(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value === 0 ? 0 : value) : 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (value === null) return 'null'
  if (typeof value === 'object') return writeObject(value, depth)
  if (typeof value === 'bigint') throw notJson('a bigint: write it as text')
  return undefined
}

function writeObject(value: object, depth: number): string | undefined {
  if (depth >= depthMax) throw tooDeep()
  if (Array.isArray(value)) {
    let items = ''
    for (let i = 0; i < value.length; i++) items += `${i === 0 ? '' : ','}${write(value[i], depth + 1) ?? 'null'}`
    return `[${items}]`
  }
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON === 'function') return write(toJSON.call(value), depth + 1)
  let members = ''
  for (const key of sortedKeys(value)) {
    const text = write((value as Record<string, unknown>)[key], depth + 1)
    if (text !== undefined) members += `${members === '' ? '' : ','}${quote(key)}:${text}`
  }
  return `{${members}}`
}

/** By insertion: objects here have few keys, for which `sort()` is several times slower. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value)
  if (keys.length > 32) return keys.sort()
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] as string
    let at = i - 1
    for (; at >= 0 && (keys[at] as string) > key; at--) keys[at + 1] = keys[at] as string
    keys[at + 1] = key
  }
  return keys
}

/** Printable ASCII without quote and backslash needs no escapes, and most text is short and made of that. */
const plain = /^[ !#-[\]-~]*$/

function quote(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text)
}

function tooDeep(): InvalidInputError {
  return notJson(`nested deeper than ${depthMax} levels, or a value that contains itself`)
}

function notJson(what: string): InvalidInputError {
  return new InvalidInputError({
    code: 'NOT_JSON',
    message: `cannot be written into the journal as JSON: ${what}`,
  })
}
