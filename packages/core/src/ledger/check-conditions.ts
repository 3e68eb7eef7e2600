import type { Intent } from '../intent/intent.ts'
import type { Fact, UnmetCondition } from '../journal/fact.ts'
import { lockAt } from './breaker.ts'
import type { ConstraintSpec } from './constraint-spec.ts'
import type { LedgerState } from './ledger-state.ts'
import { accountOf, type BudgetMatch, matchesOf } from './matching-budgets.ts'

/** A condition that is not met: a breaker that is locked, a value that is not allowed, a measure that is not said. */
export interface ConditionRefusal {
  readonly kind: 'locked' | 'not-allowed' | 'measure-missing'
  readonly constraint: string
  readonly type: string
  readonly scope: string
  readonly reason: string
  /** When a lock ends by itself. */
  readonly untilMs?: number
}

/**
 * The first condition that `intent` does not meet, of those without an amount: breakers, lists, measures that must be said. Intents that
 * reduce risk are not asked.
 *
 * @returns `facts`: locks that time has brought about and that are not written down yet.
 */
export function checkConditions(
  state: LedgerState,
  intent: Intent,
  nowMs: number,
): {
  readonly refusal: ConditionRefusal | undefined
  readonly shadowed: readonly UnmetCondition[]
  readonly facts: readonly Fact[]
} {
  let refusal: ConditionRefusal | undefined
  const shadowed: UnmetCondition[] = []
  const facts: Fact[] = []
  for (const match of matchesOf(state, intent).conditions) {
    const problem = problemOf(state, match, intent, nowMs, facts)
    if (problem === undefined) continue
    if (!match.spec.enforce) {
      shadowed.push({ constraint: match.spec.name, scope: scopeOf(match), problem: problem.reason })
      continue
    }
    refusal = { constraint: match.spec.name, type: match.spec.type, scope: scopeOf(match), ...problem }
    break
  }
  return { refusal, shadowed, facts }
}

type Problem = Pick<ConditionRefusal, 'kind' | 'reason' | 'untilMs'>

function problemOf(
  state: LedgerState,
  match: BudgetMatch,
  intent: Intent,
  nowMs: number,
  facts: Fact[],
): Problem | undefined {
  const { spec, budgetKey } = match
  const account = accountOf(state, match)
  const { aggregation } = spec
  if (aggregation.kind === 'list') return listProblem(aggregation, intent)
  if (account?.breaker !== undefined) {
    const breaker = aggregation.kind === 'breaker' ? aggregation : undefined
    const lock = lockAt(breaker, spec.limit, account.breaker, intent.side, nowMs)
    if (lock !== undefined) {
      const { untilMs, reason, side } = lock
      if (!lock.isStored)
        facts.push({
          type: 'breaker-tripped',
          budget: budgetKey,
          ...(side === '*' ? {} : { side }),
          untilMs,
          reason,
        })
      return { kind: 'locked', reason, ...(untilMs === Number.POSITIVE_INFINITY ? {} : { untilMs }) }
    }
  }
  if (spec.requiresMeasure === true && !says(intent, spec))
    return {
      kind: 'measure-missing',
      reason: `the intent does not say its ${[spec.measure, ...(spec.alsoMeasures ?? [])].join(' or ')}`,
    }
  return undefined
}

function listProblem(
  { field, rule, values }: Extract<ConstraintSpec['aggregation'], { kind: 'list' }>,
  intent: Intent,
): Problem | undefined {
  const value = intent[field]
  // Who does not say what it is about cannot show that it is on the list.
  const isListed = value !== undefined && values.includes(value)
  if (rule === 'allow' ? isListed : !isListed) return undefined
  const what = `${field} ${JSON.stringify(value ?? 'none')}`
  return { kind: 'not-allowed', reason: rule === 'allow' ? `${what} is not on the list` : `${what} is denied` }
}

function says(intent: Intent, { measure, alsoMeasures }: ConstraintSpec): boolean {
  if (intent.observedAt !== undefined && measure === dataAge) return true
  return intent.effects.some(effect => effect.measure === measure || alsoMeasures?.includes(effect.measure))
}

/** Seconds since the observation that an intent rests on. */
export const dataAge = 'data-age'

function scopeOf({ spec, budgetKey }: BudgetMatch): string {
  return budgetKey.slice(spec.name.length + 1)
}
