/** Values of a query; `undefined` ones are left out. What is no text travels as JSON: `null`, `true`, `25`, `{"a":1}`. */
export type QueryValues = Readonly<Record<string, unknown>>

/**
 * A query string with its question mark, or nothing.
 *
 * @example
 * queryText({ owner: 'me', machid: null }) // '?owner=me&machid=null'
 */
export function queryText(values: QueryValues | undefined): string {
  if (values === undefined) return ''
  let text = ''
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue
    const asText = typeof value === 'string' ? value : JSON.stringify(value)
    text += `${text === '' ? '?' : '&'}${name}=${encodeURIComponent(asText)}`
  }
  return text
}
