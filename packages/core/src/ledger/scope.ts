import { z } from 'zod'

/**
 * Where a rule holds. `{}` is everywhere; each field narrows it. `'*'` means "each one for itself": `{ venue: '*' }` keeps one
 * budget for every venue.
 */
export const scopeSchema = z.strictObject({
  domain: z.string().min(1).optional(),
  strategy: z.string().min(1).optional(),
  venue: z.string().min(1).optional(),
  asset: z.string().min(1).optional(),
})

export type Scope = {
  readonly domain?: string | undefined
  readonly strategy?: string | undefined
  readonly venue?: string | undefined
  readonly asset?: string | undefined
}

/** Whose action or result it is; what scopes are matched against. */
export interface Origin {
  readonly domain: string
  readonly strategyId: string
  readonly venueId: string
  readonly asset?: string | undefined
}

/**
 * The key of the budget that `origin` falls into under `scope`, or `undefined` when the scope does not cover it.
 *
 * @example
 * scopeKey({ venue: '*' }, origin) // 'venue=vastai'
 */
export function scopeKey(scope: Scope, origin: Origin): string | undefined {
  let key = ''
  const fields = [
    ['domain', scope.domain, origin.domain],
    ['strategy', scope.strategy, origin.strategyId],
    ['venue', scope.venue, origin.venueId],
    ['asset', scope.asset, origin.asset],
  ] as const
  for (const [name, wanted, actual] of fields) {
    if (wanted === undefined) continue
    if (actual === undefined || (wanted !== '*' && wanted !== actual)) return undefined
    key += `${key === '' ? '' : ','}${name}=${inWords(actual)}`
  }
  return key === '' ? 'global' : key
}

/** A scope in words: `global`, `venue=vastai`, `domain=gpu,asset=*`. */
export function describeScope(scope: Scope): string {
  const parts = (['domain', 'strategy', 'venue', 'asset'] as const).flatMap(name =>
    scope[name] === undefined ? [] : [`${name}=${inWords(scope[name])}`],
  )
  return parts.length === 0 ? 'global' : parts.join(',')
}

/** Does a scope in words (as {@link describeScope} writes it) cover `origin`? Fields that `origin` leaves open are not covered. */
export function scopeCovers(scope: string, origin: Partial<Origin>): boolean {
  if (scope === 'global') return true
  return scope.split(',').every(part => {
    const at = part.indexOf('=')
    const name = part.slice(0, at)
    const value = part.slice(at + 1)
    const actual =
      name === 'domain'
        ? origin.domain
        : name === 'strategy'
          ? origin.strategyId
          : name === 'venue'
            ? origin.venueId
            : origin.asset
    return actual !== undefined && (value === '*' || value === inWords(actual))
  })
}

/** Names of assets may hold anything; in words, what separates the parts of a scope is escaped. */
function inWords(name: string): string {
  return /[%,=]/.test(name) ? name.replace(/[%,=]/g, encodeURIComponent) : name
}
