import type { Origin, Scope } from '@org/core'

/** The flags that say where something holds, as they were typed. */
export interface ScopeOptions {
  readonly domain?: string
  readonly strategy?: string
  readonly venue?: string
  readonly asset?: string
}

/** Where a halt holds; without a flag, everywhere. */
export function scopeOf({ domain, strategy, venue, asset }: ScopeOptions): Scope {
  return {
    ...(domain === undefined ? {} : { domain }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(venue === undefined ? {} : { venue }),
    ...(asset === undefined ? {} : { asset }),
  }
}

/** Which budget is meant, of a constraint that keeps one for each venue, strategy or asset. */
export function originOf({ domain, strategy, venue, asset }: ScopeOptions): Partial<Origin> {
  return {
    ...(domain === undefined ? {} : { domain }),
    ...(strategy === undefined ? {} : { strategyId: strategy }),
    ...(venue === undefined ? {} : { venueId: venue }),
    ...(asset === undefined ? {} : { asset }),
  }
}

/** `venue=vastai`, or `everywhere`. */
export function scopeInWords(options: ScopeOptions): string {
  const parts = Object.entries(scopeOf(options)).map(([field, value]) => `${field}=${String(value)}`)
  return parts.length === 0 ? 'everywhere' : parts.join(',')
}
