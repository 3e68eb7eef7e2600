import type { ConstraintSpec, Intent, Origin, Scope } from '@org/core'

const dayMs = 86_400_000

interface Account {
  readonly spec: string
  reserved: number
  readonly posted: { readonly atMs: number; readonly amount: number }[]
}

/** What one intent asks of one budget. */
export interface Ask {
  readonly constraint: ConstraintSpec
  readonly budget: string
  readonly amount: number
}

/**
 * The budgets once more, in the most obvious way: every posting is kept and added up anew when asked. Shares no code with the ledger;
 * amounts in micro-units.
 */
export class BudgetModel {
  readonly constraints = new Map<string, ConstraintSpec>()
  readonly #accounts = new Map<string, Account>()

  set(constraint: ConstraintSpec): void {
    this.constraints.set(constraint.name, constraint)
  }

  /** All that `intent` has to reserve. An intent that reduces is bound by limits on how often alone. */
  asks(intent: Intent): readonly Ask[] {
    const asks: Ask[] = []
    for (const constraint of this.constraints.values()) {
      const budget = budgetFor(constraint, intent)
      if (budget === undefined || (intent.reduces && !constraint.bindsReducing)) continue
      const effects = intent.effects.filter(effect => effect.measure === constraint.measure)
      if (effects.length === 0) continue
      const amount = effects.reduce((sum, effect) => sum + Math.ceil(Number(effect.amount) * 1e6 - 1e-4), 0)
      asks.push({ constraint, budget, amount })
    }
    return asks
  }

  reserve(budget: string, amount: number): void {
    this.#account(budget).reserved += amount
  }

  post(origin: Origin, measure: string, amount: number, atMs: number): void {
    for (const constraint of this.constraints.values()) {
      if (constraint.measure !== measure || constraint.aggregation.kind === 'per-intent') continue
      const budget = budgetFor(constraint, origin)
      if (budget !== undefined) this.#account(budget).posted.push({ atMs, amount })
    }
  }

  reserved(budget: string): number {
    return this.#accounts.get(budget)?.reserved ?? 0
  }

  used(budget: string, nowMs: number): number {
    const account = this.#accounts.get(budget)
    const aggregation = account === undefined ? undefined : this.constraints.get(account.spec)?.aggregation
    if (account === undefined || aggregation === undefined) return 0
    const basis = 'basis' in aggregation ? aggregation.basis : 'net'
    let sum = 0
    for (const { atMs, amount } of account.posted) {
      if (aggregation.kind === 'rolling' && atMs <= nowMs - aggregation.lengthMs) continue
      if (aggregation.kind === 'calendar' && Math.floor(atMs / dayMs) !== Math.floor(nowMs / dayMs)) continue
      if (basis === 'net' || amount > 0) sum += amount
    }
    return Math.max(0, sum)
  }

  #account(budget: string): Account {
    const known = this.#accounts.get(budget)
    if (known !== undefined) return known
    const account: Account = { spec: budget.slice(0, budget.indexOf('@')), reserved: 0, posted: [] }
    this.#accounts.set(budget, account)
    return account
  }
}

function budgetFor({ name, scope }: ConstraintSpec, origin: Origin): string | undefined {
  const actual: { readonly [field in keyof Scope]-?: string | undefined } = {
    domain: origin.domain,
    strategy: origin.strategyId,
    venue: origin.venueId,
    asset: origin.asset,
  }
  const parts: string[] = []
  for (const field of ['domain', 'strategy', 'venue', 'asset'] as const) {
    const wanted = scope[field]
    if (wanted === undefined) continue
    if (actual[field] === undefined || (wanted !== '*' && wanted !== actual[field])) return undefined
    parts.push(`${field}=${actual[field]}`)
  }
  return `${name}@${parts.join(',') || 'global'}`
}
