import type { Budget } from './budget.ts'
import type { ConstraintSpec } from './constraint-spec.ts'
import { type LedgerState, type Stake, stakeKey } from './ledger-state.ts'
import { inWords, type Origin, type Scope, scopeFields, scopeKey } from './scope.ts'

/** A constraint that covers an origin, and the budget it falls into. */
export interface BudgetMatch {
  readonly spec: ConstraintSpec
  /** `<constraint>@<scope key>`, with `/<field>=<value>` or `/others` behind it for a share. */
  readonly budgetKey: string
  /** Constraints are asked in the order in which they were set; a share after its whole. */
  readonly order: number
  /** Set for the account of a share: whose it is (`undefined`: of those who have none), and the key of the whole. */
  readonly share: { readonly value: string | undefined; readonly wholeKey: string } | undefined
  /** The account, once it was found; read it through {@link accountOf}. */
  account: Budget | undefined
}

/** What one origin touches. */
export interface OriginMatches {
  readonly byMeasure: ReadonlyMap<string, readonly BudgetMatch[]>
  /** All that count amounts, in the order in which their constraints were set. */
  readonly counting: readonly BudgetMatch[]
  /** Constraints that look at every intent in their scope, whatever it measures. */
  readonly conditions: readonly BudgetMatch[]
  /** Of its venue and asset. */
  readonly stakeKey: string
  /** What is at stake there, once it was found; read it through {@link stakeOf}. */
  stake: Stake | undefined
}

/** The constraints that pin down the same fields of the scope, by the values they pin them to. */
interface Shape {
  readonly fields: readonly (keyof Origin)[]
  readonly byValues: Map<string, { readonly spec: ConstraintSpec; readonly order: number }[]>
}

interface Index {
  readonly shapes: readonly Shape[]
  /** domain → strategy → venue → asset → what it touches. */
  byOrigin: Map<string, Map<string, Map<string, Map<string | undefined, OriginMatches>>>>
  originsKnown: number
  /** The origin that was asked for last, for it mostly is again: one intent is looked at several times. */
  last: { readonly origin: Readonly<Origin>; readonly matches: OriginMatches } | undefined
}

/** Origins whose budgets are remembered; beyond, all are looked up anew. */
const originsMax = 10_000

/** Beside the state, not in it: it follows from the constraints, and a snapshot need not hold it. */
const indexes = new WeakMap<LedgerState, Index>()

const nothing: readonly BudgetMatch[] = []

/** The budgets that amounts of `measure` from `origin` touch, in the order in which their constraints were set. */
export function matchingBudgets(state: LedgerState, measure: string, origin: Origin): readonly BudgetMatch[] {
  return matchesOf(state, origin).byMeasure.get(measure) ?? nothing
}

/**
 * Everything that `origin` touches.
 *
 * Hot path: four look-ups for a known origin; at most sixteen (one for each set of fields that scopes pin down, usually one to three) for a
 * new one, however many constraints there are.
 */
export function matchesOf(state: LedgerState, origin: Origin): OriginMatches {
  const index = indexes.get(state) ?? buildIndex(state)
  const { last } = index
  // Compared by value: callers may change and reuse what they hand in.
  if (last !== undefined && isSame(last.origin, origin)) return last.matches
  const { domain, strategyId, venueId, asset } = origin
  const known = index.byOrigin.get(domain)?.get(strategyId)?.get(venueId)?.get(asset)
  const matches = known ?? remember(index, origin, findMatches(index, origin))
  index.last = { origin: { domain, strategyId, venueId, asset }, matches }
  return matches
}

function isSame(a: Origin, b: Origin): boolean {
  return a.strategyId === b.strategyId && a.asset === b.asset && a.venueId === b.venueId && a.domain === b.domain
}

/** The account of `match`, if anything was ever booked there. Accounts are removed with their constraint alone, so it is looked up once. */
export function accountOf(state: LedgerState, match: BudgetMatch): Budget | undefined {
  match.account ??= state.budgets.get(match.budgetKey)
  return match.account
}

/** What is at stake at the venue and in the asset of `origin`; `undefined` where nothing was ever posted. Never removed. */
export function stakeOf(state: LedgerState, origin: Origin): Stake | undefined {
  const matches = matchesOf(state, origin)
  matches.stake ??= state.exposure.stakes.get(stakeKey(origin.venueId, origin.asset))
  return matches.stake
}

/** To be called when a constraint was set or retired. */
export function forgetIndex(state: LedgerState): void {
  indexes.delete(state)
}

function remember(index: Index, { domain, strategyId, venueId, asset }: Origin, matches: OriginMatches): OriginMatches {
  if (index.originsKnown >= originsMax) {
    index.byOrigin = new Map()
    index.originsKnown = 0
  }
  index.originsKnown++
  const strategies = childOf(index.byOrigin, domain)
  childOf(childOf(strategies, strategyId), venueId).set(asset, matches)
  return matches
}

function childOf<K, V>(map: Map<string, Map<K, V>>, key: string): Map<K, V> {
  const known = map.get(key)
  if (known !== undefined) return known
  const created = new Map<K, V>()
  map.set(key, created)
  return created
}

function findMatches(index: Index, origin: Origin): OriginMatches {
  const found: BudgetMatch[] = []
  for (const { fields, byValues } of index.shapes)
    for (const { spec, order } of byValues.get(valuesOf(origin, fields)) ?? []) {
      const key = scopeKey(spec.scope, origin)
      if (key === undefined) continue
      const wholeKey = `${spec.name}@${key}`
      const match = (budgetKey: string, share: BudgetMatch['share'], place: number): BudgetMatch => ({
        spec,
        budgetKey,
        order: place,
        share,
        account: undefined,
      })
      found.push(match(wholeKey, undefined, order))
      if (spec.shares !== undefined) {
        const value = shareValue(spec, origin)
        found.push(match(shareKey(spec, wholeKey, value), { value, wholeKey }, order + 0.5))
      }
    }
  found.sort((a, b) => a.order - b.order)
  const byMeasure = new Map<string, BudgetMatch[]>()
  const counting = found.filter(({ spec }) => countsAmounts(spec))
  for (const match of counting)
    for (const measure of [match.spec.measure, ...(match.spec.alsoMeasures ?? [])])
      byMeasure.set(measure, [...(byMeasure.get(measure) ?? []), match])
  const conditions = found.filter(({ spec, share }) => share === undefined && isCondition(spec))
  return { byMeasure, counting, conditions, stakeKey: stakeKey(origin.venueId, origin.asset), stake: undefined }
}

function countsAmounts({ aggregation: { kind } }: ConstraintSpec): boolean {
  return kind !== 'breaker' && kind !== 'list'
}

function isCondition({ aggregation: { kind }, requiresMeasure }: ConstraintSpec): boolean {
  return kind === 'breaker' || kind === 'drawdown' || kind === 'list' || requiresMeasure === true
}

function shareValue({ shares }: ConstraintSpec, origin: Origin): string | undefined {
  const field = scopeFields.find(([name]) => name === shares?.by)?.[1]
  const value = field === undefined ? undefined : origin[field]
  return value !== undefined && shares !== undefined && Object.hasOwn(shares.of, value) ? value : undefined
}

/** The key of the account of one share of the budget `wholeKey`. */
export function shareKey(spec: ConstraintSpec, wholeKey: string, value: string | undefined): string {
  return value === undefined ? `${wholeKey}/others` : `${wholeKey}/${spec.shares?.by ?? ''}=${inWords(value)}`
}

function buildIndex(state: LedgerState): Index {
  const shapes: Shape[] = []
  let order = 0
  for (const spec of state.constraints.values()) {
    for (const wanted of pinned(spec.scope)) {
      const fields = Object.keys(wanted) as (keyof Origin)[]
      const known = shapes.find(shape => shape.fields.join() === fields.join())
      const shape = known ?? { fields, byValues: new Map() }
      if (known === undefined) shapes.push(shape)
      const values = valuesOf(wanted, fields)
      const entries = shape.byValues.get(values) ?? []
      shape.byValues.set(values, entries)
      entries.push({ spec, order })
    }
    order++
  }
  const index: Index = { shapes, byOrigin: new Map(), originsKnown: 0, last: undefined }
  indexes.set(state, index)
  return index
}

/** The values that a scope pins fields to: one set, or with lists one for each combination of their members. */
function pinned(scope: Scope): readonly Partial<Record<keyof Origin, string>>[] {
  let sets: Partial<Record<keyof Origin, string>>[] = [{}]
  for (const [name, field] of scopeFields) {
    const wanted = scope[name]
    if (wanted === undefined || wanted === '*') continue
    const values = typeof wanted === 'string' ? [wanted] : [...new Set(wanted)]
    sets = sets.flatMap(set => values.map(value => ({ ...set, [field]: value })))
  }
  return sets
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
