import { isJsonObject, type Json } from '../json.ts'
import { invalidArguments } from '../refused.ts'
import { coerce, type Fields } from './field.ts'

const KEYS_MAX = 10

/**
 * Compares rows by `[["dph_total","asc"],["score","desc"]]` or `[{"col":"id","dir":"asc"}]`. Null sorts last either way. Unknown
 * columns do not order.
 *
 * @throws {Refused} 400 when it is no such list.
 */
export function compileOrder<Row>(order: Json | undefined, fields: Fields<Row>): (a: Row, b: Row) => number {
  if (order === undefined || order === null) return () => 0
  if (!Array.isArray(order) || order.length > KEYS_MAX) throw invalidArguments('Invalid order: expected a list')
  const keys = (order as readonly Json[]).flatMap(entry => {
    const [name, direction] = readEntry(entry)
    const field = fields.get(name)
    return field === undefined ? [] : [{ field, sign: direction === 'desc' ? -1 : 1 }]
  })
  return (a, b) => {
    for (const { field, sign } of keys) {
      const left = coerce(field.of(a), field.type)
      const right = coerce(field.of(b), field.type)
      if (left === right) continue
      if (left === null) return 1
      if (right === null) return -1
      return left < right ? -sign : sign
    }
    return 0
  }
}

function readEntry(entry: Json): readonly [string, string] {
  if (Array.isArray(entry)) return [String(entry[0]), String(entry[1] ?? 'asc').toLowerCase()]
  if (isJsonObject(entry)) return [String(entry['col']), String(entry['dir'] ?? 'asc').toLowerCase()]
  if (typeof entry === 'string') return [entry, 'asc']
  throw invalidArguments('Invalid order: expected [column, direction] pairs')
}
