import { InvalidInputError } from '../errors/automation-error.ts'
import { canonicalJson } from '../intent/json.ts'
import type { Fact } from '../journal/fact.ts'
import type { ConstraintSpec } from '../ledger/constraint-spec.ts'
import { byConfig } from '../ledger/evolve.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'

/**
 * The facts that bring the ledger to what a configuration says. A constraint that the configuration has not changed since it was last
 * applied stays as it is, also where its limit was changed at run time. Once a limit was set by hand, a changed configuration may only lower
 * it: processes that are configured differently must not undo what somebody decided.
 *
 * @throws {InvalidInputError} `CONSTRAINT_CHANGED` where a known name would measure something else: its account would be wrong.
 */
export function configureConstraints(state: LedgerState, constraints: readonly ConstraintSpec[]): readonly Fact[] {
  const facts: Fact[] = []
  for (const constraint of constraints) {
    const known = state.constraints.get(constraint.name)
    if (known !== undefined && whatItCounts(known) !== whatItCounts(constraint))
      throw new InvalidInputError({
        code: 'CONSTRAINT_CHANGED',
        message: `the store keeps another constraint under the name ${JSON.stringify(constraint.name)} (${whatItCounts(known)}): give the new one another name`,
      })
    if (state.configured.get(constraint.name) === canonicalJson(constraint)) continue
    const allowed = known !== undefined && state.setByHand.has(known.name) ? noLooser(constraint, known) : constraint
    if (known === undefined || canonicalJson(allowed) !== canonicalJson(known))
      facts.push({ type: 'constraint-set', constraint: allowed, reason: 'configured at start', by: byConfig })
  }
  return facts
}

function noLooser(constraint: ConstraintSpec, { limit }: ConstraintSpec): ConstraintSpec {
  return limit < constraint.limit ? { ...constraint, limit } : constraint
}

function whatItCounts({ measure, alsoMeasures, aggregation, scope, shares }: ConstraintSpec): string {
  // What a breaker or a list decides by may change: what it remembers means the same.
  if (aggregation.kind === 'breaker') return canonicalJson({ kind: aggregation.kind, feed: aggregation.feed, scope })
  if (aggregation.kind === 'list') return canonicalJson({ kind: aggregation.kind, scope })
  return canonicalJson({ measure, alsoMeasures, aggregation, scope, by: shares?.by })
}
