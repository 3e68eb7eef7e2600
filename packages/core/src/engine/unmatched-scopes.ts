import type { ConstraintSpec } from '../ledger/constraint-spec.ts'
import type { Strategy } from '../strategy/strategy.ts'
import type { AnyVenue } from '../venue/venue.ts'

/**
 * Constraints that can cover nothing here, since their scope names a domain, strategy or venue that is not in the engine: mostly a spelling
 * that protects nobody. One line each. Other processes on the store may have what is missing here, so they are no errors.
 */
export function unmatchedScopes(
  constraints: Iterable<ConstraintSpec>,
  venues: readonly Pick<AnyVenue, 'id' | 'domain'>[],
  strategies: readonly Pick<Strategy, 'id'>[],
): readonly string[] {
  const known = {
    domain: [...new Set(venues.map(({ domain }) => domain))],
    strategy: strategies.map(({ id }) => id),
    venue: venues.map(({ id }) => id),
  }
  const lines: string[] = []
  for (const { name, scope } of constraints)
    for (const field of ['domain', 'strategy', 'venue'] as const) {
      const wanted = scope[field]
      if (wanted === undefined || wanted === '*') continue
      const strangers = [wanted].flat().filter(value => !known[field].includes(value))
      if (strangers.length > 0)
        lines.push(
          `constraint ${name} is about the ${field} ${strangers.map(value => JSON.stringify(value)).join(', ')}, which this engine does not have: it protects nothing here under that name; known: ${known[field].join(', ') || 'none'}`,
        )
    }
  return lines
}
