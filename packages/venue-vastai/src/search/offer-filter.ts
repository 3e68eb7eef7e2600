import { invalidInput } from '../client/check-input.ts'
import { findGpuModel } from '../gpu/gpu-model.ts'
import { type Language, offerLanguage } from './language.ts'
import type { FieldKind, offerFields } from './offer-fields.ts'
import { driverVersionNumber, refuseUnknown } from './parse-query.ts'
import type { WireComparisons, WireFilter, WireOperator, WireValue } from './wire-filter.ts'

interface ValueOf {
  number: number
  flag: boolean
  text: string
  version: string
}

interface Equalities<Value> {
  readonly eq?: Value | null
  readonly neq?: Value | null
  readonly in?: readonly Value[]
  readonly notin?: readonly Value[]
}

interface Orderings<Value> {
  readonly gt?: Value
  readonly gte?: Value
  readonly lt?: Value
  readonly lte?: Value
}

/** What is demanded of one field: a value, comparisons that all must hold, or `'any'` to lift a default. */
export type Condition<Kind extends FieldKind> =
  | ValueOf[Kind]
  | null
  | 'any'
  | (Kind extends 'number' | 'version'
      ? Equalities<ValueOf[Kind]> & Orderings<ValueOf[Kind]>
      : Equalities<ValueOf[Kind]>)

/** A typed filter over fields of the kinds in `Fields`, in the units of the wire. */
export type FieldFilter<Fields extends Readonly<Record<string, FieldKind>>> = {
  readonly [Field in keyof Fields]?: Condition<Fields[Field]> | undefined
}

/**
 * Which offers are wanted.
 *
 * @example
 * const filter: OfferFilter = { gpu_name: 'RTX_4090', dph_total: { lt: 0.6 }, geolocation: { in: ['DE', 'SE'] }, verified: 'any' }
 */
export type OfferFilter = FieldFilter<typeof offerFields>

const operators = new Set<string>(['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'notin'] satisfies WireOperator[])

/** A typed offer filter as it travels. @throws {InvalidInputError} for fields, operators and values that no filter has. */
export function offerWireFilter(filter: OfferFilter, defaults: boolean): WireFilter {
  return wireFilter(filter, offerLanguage, defaults)
}

/** A typed filter of any of the searches as it travels. */
export function wireFilter(
  filter: Readonly<Record<string, unknown>>,
  language: Language,
  defaults: boolean,
): WireFilter {
  const wire: Record<string, WireComparisons> = defaults ? { ...language.defaults } : {}
  for (const [field, condition] of Object.entries(filter)) {
    if (condition === undefined) continue
    refuseUnknown(field, language)
    if (condition === 'any') delete wire[field]
    else wire[field] = { ...wire[field], ...comparisons(field, condition, language) }
  }
  return wire
}

function comparisons(field: string, condition: unknown, language: Language): WireComparisons {
  const kind = language.fields[field] as FieldKind
  if (typeof condition !== 'object' || condition === null) return { eq: wireValue(field, kind, condition) }
  const entries = Object.entries(condition).filter(([, value]) => value !== undefined)
  if (entries.length === 0 || Array.isArray(condition))
    throw invalidInput(`expected a value or comparisons such as { gte: 1 } for ${field}`)
  return Object.fromEntries(
    entries.map(([operator, value]) => {
      if (!operators.has(operator))
        throw invalidInput(
          `${JSON.stringify(operator)} is no comparison of ${field}; there are ${[...operators].join(', ')}`,
        )
      const isList = operator === 'in' || operator === 'notin'
      if (isList !== Array.isArray(value))
        throw invalidInput(`expected ${isList ? 'a list' : 'one value'} for ${field}.${operator}`)
      return [
        operator,
        isList ? (value as unknown[]).map(each => wireValue(field, kind, each)) : wireValue(field, kind, value),
      ]
    }),
  )
}

function wireValue(field: string, kind: FieldKind, value: unknown): WireValue {
  if (value === null) return null
  if (kind === 'number' && typeof value === 'number' && Number.isFinite(value)) return value
  if (kind === 'flag' && typeof value === 'boolean') return value
  if (kind === 'version' && typeof value === 'string') return driverVersionNumber(value)
  if (kind === 'text' && typeof value === 'string' && value.trim() !== '')
    return field === 'gpu_name' ? (findGpuModel(value)?.displayName ?? value.replaceAll('_', ' ')) : value
  const wanted = {
    number: 'a finite number',
    flag: 'true or false',
    text: 'a text',
    version: 'a version such as 535.86.05',
  }
  throw invalidInput(`expected ${wanted[kind]} for ${field}, was ${String(value)}`)
}
