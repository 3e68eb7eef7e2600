import type { ConstraintSpec } from './constraint-spec.ts'
import type { LedgerState } from './ledger-state.ts'
import { type Origin, scopeKey } from './scope.ts'

/** A constraint that covers an origin, and the budget it falls into. */
export interface BudgetMatch {
  readonly spec: ConstraintSpec
  /** `<constraint>@<scope key>` */
  readonly budgetKey: string
  /** Constraints are asked in the order in which they were set. */
  readonly order: number
}

interface Indexed {
  readonly spec: ConstraintSpec
  readonly order: number
  /** The key where it is the same for every origin. */
  readonly budgetKey: string | undefined
}

/** The constraints of one measure that pin down the same fields of the scope, by the values they pin them to. */
interface Shape {
  readonly fields: readonly (keyof Origin)[]
  readonly byValues: Map<string, Indexed[]>
}

const scopeFields = [
  ['domain', 'domain'],
  ['strategy', 'strategyId'],
  ['venue', 'venueId'],
  ['asset', 'asset'],
] as const

/** Beside the state, not in it: it follows from the constraints, and a snapshot need not hold it. */
const indexes = new WeakMap<LedgerState, Map<string, Shape[]>>()

/**
 * The budgets that amounts of `measure` from `origin` touch, in the order in which their constraints were set.
 *
 * Hot path: at most sixteen look-ups (one for each set of fields that scopes pin down, usually one to three), however many
 * constraints there are.
 */
export function matchingBudgets(state: LedgerState, measure: string, origin: Origin): readonly BudgetMatch[] {
  const shapes = (indexes.get(state) ?? buildIndex(state)).get(measure)
  if (shapes === undefined) return []
  const matches: BudgetMatch[] = []
  for (const { fields, byValues } of shapes) {
    for (const { spec, order, budgetKey } of byValues.get(valuesOf(origin, fields)) ?? []) {
      if (budgetKey !== undefined) matches.push({ spec, order, budgetKey })
      else {
        const key = scopeKey(spec.scope, origin)
        if (key !== undefined) matches.push({ spec, order, budgetKey: `${spec.name}@${key}` })
      }
    }
  }
  return shapes.length > 1 ? matches.sort((a, b) => a.order - b.order) : matches
}

/** To be called when a constraint was set. */
export function forgetIndex(state: LedgerState): void {
  indexes.delete(state)
}

function buildIndex(state: LedgerState): Map<string, Shape[]> {
  const index = new Map<string, Shape[]>()
  let order = 0
  for (const spec of state.constraints.values()) {
    const { scope } = spec
    const wanted: Partial<Record<keyof Origin, string>> = {}
    for (const [name, field] of scopeFields)
      if (scope[name] !== undefined && scope[name] !== '*') wanted[field] = scope[name]
    const fields = Object.keys(wanted) as (keyof Origin)[]
    const shapes = index.get(spec.measure) ?? []
    index.set(spec.measure, shapes)
    const known = shapes.find(shape => shape.fields.join() === fields.join())
    const shape = known ?? { fields, byValues: new Map<string, Indexed[]>() }
    if (known === undefined) shapes.push(shape)
    const isOneBudget = Object.values(scope).every(value => value !== '*')
    const key = isOneBudget ? scopeKey(scope, { domain: '', strategyId: '', venueId: '', ...wanted }) : undefined
    const values = valuesOf(wanted, fields)
    const entries = shape.byValues.get(values) ?? []
    shape.byValues.set(values, entries)
    entries.push({ spec, order: order++, budgetKey: key === undefined ? undefined : `${spec.name}@${key}` })
  }
  indexes.set(state, index)
  return index
}

function valuesOf(origin: Partial<Origin>, fields: readonly (keyof Origin)[]): string {
  let values = ''
  for (const field of fields) {
    const value = origin[field] ?? ''
    // The length keeps ('a', 'bc') and ('ab', 'c') apart, whatever a name holds.
    values += `${value.length}:${value}`
  }
  return values
}
