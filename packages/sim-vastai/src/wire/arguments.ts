import type { Json, JsonObject } from './json.ts'
import { invalidArguments } from './refused.ts'

/** A finite number, or a string that spells one; undefined for everything else, `null` included. */
export function toNumber(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

/** A number that may be missing or null. @throws {Refused} 400 when it is there and no number, or negative. */
export function optionalAmount(body: JsonObject, key: string): number | undefined {
  const value = body[key]
  if (value === undefined || value === null) return undefined
  const number = toNumber(value)
  if (number === undefined || number < 0) throw invalidArguments(`Invalid ${key}: expected a number >= 0`)
  return number
}

/** An id in a path or body. @throws {Refused} 400 */
export function requireId(value: Json | undefined, name: string): number {
  const id = toNumber(value)
  if (id === undefined || !Number.isInteger(id) || id < 0) throw invalidArguments(`Invalid ${name}`)
  return id
}

/** @throws {Refused} 400 when missing, no text, or longer than `charsMax`. */
export function requireText(body: JsonObject, key: string, charsMax = 65_536): string {
  const value = body[key]
  if (typeof value !== 'string' || value === '') throw invalidArguments(`Missing ${key}`)
  if (value.length > charsMax) throw invalidArguments(`${key} is longer than ${charsMax} characters`)
  return value
}

/** Text, or undefined when missing, null or of another type. */
export function optionalText(body: JsonObject, key: string): string | undefined {
  const value = body[key]
  return typeof value === 'string' ? value : undefined
}

/** A list of ids. @throws {Refused} 400 when it is no list, is empty, or is longer than 1,000. */
export function requireIds(value: Json | undefined, name: string): readonly number[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 1_000) throw invalidArguments(`Invalid ${name}`)
  return value.map(id => requireId(id as Json, name))
}
