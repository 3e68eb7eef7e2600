import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { invalidArguments } from '../refused.ts'
import { coerce, countryCode, type Field, type Fields } from './field.ts'

const LIST_ITEMS_MAX = 10_000

/** A compiled query. */
export interface Filter<Row> {
  readonly matches: (row: Row) => boolean
  /** Fields of the query that no row has; they filter nothing. */
  readonly ignoredFields: readonly string[]
}

type Test = (value: unknown) => boolean

/**
 * Compiles `{field:{op:value}}`. A bare value means `eq`. Keys in `skip` are no fields.
 *
 * @throws {Refused} 400 for an unknown operator, or `in` without a list.
 */
export function compileFilter<Row>(query: JsonObject, fields: Fields<Row>, skip: ReadonlySet<string>): Filter<Row> {
  const of: Field<Row>['of'][] = []
  const tests: Test[] = []
  const ignoredFields: string[] = []
  for (const [name, condition] of Object.entries(query)) {
    if (skip.has(name)) continue
    const field = fields.get(name)
    if (field === undefined) {
      ignoredFields.push(name)
      continue
    }
    for (const [operator, value] of Object.entries(isJsonObject(condition) ? condition : { eq: condition })) {
      of.push(field.of)
      tests.push(compileTest(name, field.type, operator, value))
    }
  }
  return {
    ignoredFields,
    matches(row) {
      for (let i = 0; i < tests.length; i++) if (!(tests[i] as Test)((of[i] as Field<Row>['of'])(row))) return false
      return true
    },
  }
}

function compileTest(name: string, type: Field<unknown>['type'], operator: string, wanted: Json): Test {
  if (operator === 'in' || operator === 'notin' || operator === 'nin') {
    if (!Array.isArray(wanted) || wanted.length > LIST_ITEMS_MAX)
      throw invalidArguments(`Invalid filter on ${name}: ${operator} expects a list`)
    const tests = (wanted as readonly Json[]).map(item => equals(type, item))
    return operator === 'in' ? value => tests.some(test => test(value)) : value => tests.every(test => !test(value))
  }
  if (operator === 'eq') return equals(type, wanted)
  if (operator === 'neq') {
    const test = equals(type, wanted)
    return value => !test(value)
  }
  const compare = comparisons[operator]
  if (compare === undefined) throw invalidArguments(`Invalid filter on ${name}: unknown operator ${operator}`)
  const bound = coerce(wanted, type)
  return value => {
    const own = coerce(value, type)
    return own !== null && bound !== null && typeof own === typeof bound && compare(own, bound)
  }
}

type Ordered = number | string | boolean

const comparisons: Readonly<Record<string, (own: Ordered, bound: Ordered) => boolean>> = {
  gt: (own, bound) => own > bound,
  gte: (own, bound) => own >= bound,
  lt: (own, bound) => own < bound,
  lte: (own, bound) => own <= bound,
}

function equals(type: Field<unknown>['type'], item: Json): Test {
  const wanted = coerce(item, type)
  if (type === 'text') return value => value === wanted || coerce(value, type) === wanted
  if (type === 'place') return value => typeof value === 'string' && (value === wanted || countryCode(value) === wanted)
  if (type === 'number') return value => value === wanted || (typeof value === 'string' && Number(value) === wanted)
  return value => coerce(value, type) === wanted
}
