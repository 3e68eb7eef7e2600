/** A value as JSON text can hold it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object whose keys nobody has checked yet. */
export interface JsonObject {
  readonly [key: string]: Json
}

/** True for `{…}`, false for lists, null and scalars. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
