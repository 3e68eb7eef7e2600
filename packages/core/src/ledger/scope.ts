import { z } from 'zod'
import { InvalidInputError } from '../errors/automation-error.ts'

const valueSchema = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(1_000)])

/**
 * Where a rule holds. `{}` is everywhere; each field narrows it. `'*'` means "each one for itself": `{ venue: '*' }` keeps one
 * budget for every venue. A list is one budget for all its members: `{ asset: ['BTC', 'ETH'] }`.
 */
export const scopeSchema = z.strictObject({
  domain: valueSchema.optional(),
  strategy: valueSchema.optional(),
  venue: valueSchema.optional(),
  asset: valueSchema.optional(),
})

type ScopeValue = string | readonly string[] | undefined

export type Scope = {
  readonly domain?: ScopeValue
  readonly strategy?: ScopeValue
  readonly venue?: ScopeValue
  readonly asset?: ScopeValue
}

/** Whose action or result it is; what scopes are matched against. */
export interface Origin {
  readonly domain: string
  readonly strategyId: string
  readonly venueId: string
  readonly asset?: string | undefined
}

/**
 * What does not say whose it is would pass by the budgets of its domain, strategy and venue.
 *
 * @throws {InvalidInputError} `INVALID_SCOPE`
 */
export function requireOrigin({ domain, strategyId, venueId, asset }: Origin): void {
  requireName('domain', domain)
  requireName('strategyId', strategyId)
  requireName('venueId', venueId)
  if (asset !== undefined) requireName('asset', asset)
}

function requireName(field: string, name: unknown): void {
  if (typeof name === 'string' && name !== '') return
  throw new InvalidInputError({
    code: 'INVALID_SCOPE',
    message: `${field}: expected a name, was ${JSON.stringify(name)}`,
  })
}

/** The fields of a scope and those of an origin that they speak of, in the order in which keys name them. */
export const scopeFields = [
  ['domain', 'domain'],
  ['strategy', 'strategyId'],
  ['venue', 'venueId'],
  ['asset', 'asset'],
] as const

/**
 * The key of the budget that `origin` falls into under `scope`, or `undefined` when the scope does not cover it.
 *
 * @example
 * scopeKey({ venue: '*' }, origin) // 'venue=vastai'
 */
export function scopeKey(scope: Scope, origin: Partial<Origin>): string | undefined {
  let key = ''
  for (const [name, field] of scopeFields) {
    const wanted = scope[name]
    if (wanted === undefined) continue
    const actual = origin[field]
    if (actual === undefined) return undefined
    if (typeof wanted === 'string' ? wanted !== '*' && wanted !== actual : !wanted.includes(actual)) return undefined
    key += `${key === '' ? '' : ','}${name}=${typeof wanted === 'string' ? inWords(actual) : listInWords(wanted)}`
  }
  return key === '' ? 'global' : key
}

/** A scope in words: `global`, `venue=vastai`, `domain=gpu,asset=*`, `asset=BTC|ETH`. */
export function describeScope(scope: Scope): string {
  const parts = scopeFields.flatMap(([name]) => {
    const wanted = scope[name]
    return wanted === undefined ? [] : [`${name}=${typeof wanted === 'string' ? inWords(wanted) : listInWords(wanted)}`]
  })
  return parts.length === 0 ? 'global' : parts.join(',')
}

/** Does a scope in words (as {@link describeScope} writes it) cover `origin`? Fields that `origin` leaves open are not covered. */
export function scopeCovers(scope: string, origin: Partial<Origin>): boolean {
  if (scope === 'global') return true
  return scope.split(',').every(part => {
    const at = part.indexOf('=')
    const field = scopeFields.find(([name]) => name === part.slice(0, at))?.[1]
    const actual = field === undefined ? undefined : origin[field]
    if (actual === undefined) return false
    const values = part.slice(at + 1).split('|')
    return values.includes('*') || values.includes(inWords(actual))
  })
}

/** Names of assets may hold anything; in words, what separates the parts of a scope is escaped. */
export function inWords(name: string): string {
  return /[%,=|]/.test(name) ? name.replace(/[%,=|]/g, encodeURIComponent) : name
}

function listInWords(names: readonly string[]): string {
  return [...names].sort().map(inWords).join('|')
}
