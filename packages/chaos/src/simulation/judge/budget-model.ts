import type { ConstraintSpec, Intent, Origin, Scope } from '@org/core'

const dayMs = 86_400_000

interface Account {
  readonly spec: string
  reserved: number
  readonly posted: { atMs: number; readonly amount: number; readonly stake: string }[]
  /** Number of postings before it was last re-armed. */
  rearmedAfter: number
}

/** What one intent asks of one budget. */
export interface Ask {
  readonly constraint: ConstraintSpec
  readonly budget: string
  readonly amount: number
  /** What the budget may come to with it, where the model knows a limit of its own. */
  readonly limit: number | undefined
}

/**
 * The budgets once more, in the most obvious way: every posting is kept and added up anew when asked. Shares no code with the ledger;
 * amounts in micro-units, days in UTC.
 */
export class BudgetModel {
  readonly constraints = new Map<string, ConstraintSpec>()
  readonly #accounts = new Map<string, Account>()
  /** By venue and asset: what is given back beyond what was taken in one frees nothing elsewhere. */
  readonly #exposure = new Map<string, number>()

  set(constraint: ConstraintSpec): void {
    this.constraints.set(constraint.name, constraint)
  }

  /** The budgets of all kinds that cover `origin`. */
  covering(origin: Origin): readonly { readonly constraint: ConstraintSpec; readonly budget: string }[] {
    return [...this.constraints.values()].flatMap(constraint => {
      const budget = budgetFor(constraint, origin)
      return budget === undefined ? [] : [{ constraint, budget }]
    })
  }

  /** All that `intent` has to reserve. An intent that reduces is bound by limits on how often alone. */
  asks(intent: Intent): readonly Ask[] {
    const asks: Ask[] = []
    for (const { constraint, budget } of this.covering(intent)) {
      if (isCondition(constraint) || (intent.reduces && !constraint.bindsReducing)) continue
      const effects = intent.effects.filter(({ measure }) => counts(constraint, measure))
      if (effects.length === 0) continue
      const amount = effects.reduce((sum, effect) => sum + Math.ceil(Number(effect.amount) * 1e6 - 1e-4), 0)
      asks.push({ constraint, budget, amount, limit: this.#limitOf(constraint, budget, amount) })
      const share = shareOf(constraint, budget, intent)
      if (share !== undefined) asks.push({ constraint, ...share, amount })
    }
    return asks
  }

  reserve(budget: string, amount: number): void {
    this.#account(budget).reserved += amount
  }

  post(origin: Origin, measure: string, amount: number, atMs: number): void {
    const stake = stakeOf(origin)
    if (measure === 'exposure') this.#exposure.set(stake, Math.max(0, (this.#exposure.get(stake) ?? 0) + amount))
    for (const { constraint, budget } of this.covering(origin))
      if (counts(constraint, measure)) this.#postTo(constraint, budget, origin, amount, atMs)
  }

  /** A request that was sent and came to nothing counts where it is counted how often. */
  attempted(intent: Intent, atMs: number): void {
    for (const { measure, amount } of intent.effects)
      for (const { constraint, budget } of this.covering(intent))
        if (measure === 'count' && constraint.bindsReducing && counts(constraint, measure))
          this.#postTo(constraint, budget, intent, Math.ceil(Number(amount) * 1e6 - 1e-4), atMs)
  }

  reserved(budget: string): number {
    return this.#accounts.get(budget)?.reserved ?? 0
  }

  used(budget: string, nowMs: number): number {
    const account = this.#accounts.get(budget)
    const aggregation = account === undefined ? undefined : this.constraints.get(account.spec)?.aggregation
    if (account === undefined || aggregation === undefined) return 0
    if (aggregation.kind === 'level' || aggregation.kind === 'concentration') {
      const stakes = new Map<string, number>()
      for (const { amount, stake } of account.posted) stakes.set(stake, Math.max(0, (stakes.get(stake) ?? 0) + amount))
      return sumOf(stakes.values())
    }
    const basis = 'basis' in aggregation ? aggregation.basis : 'net'
    let sum = 0
    let best = 0
    for (const [i, { atMs, amount }] of account.posted.entries()) {
      if (aggregation.kind === 'rolling' && atMs <= nowMs - aggregation.lengthMs) continue
      if (aggregation.kind === 'calendar' && Math.floor(atMs / dayMs) !== Math.floor(nowMs / dayMs)) continue
      if (basis === 'net' || amount > 0) sum += amount
      best = i + 1 <= account.rearmedAfter ? sum : Math.min(best, sum)
    }
    return Math.max(0, aggregation.kind === 'drawdown' ? sum - best : sum)
  }

  /** A drawdown that was re-armed counts from where the result stands. */
  rearm(budget: string): void {
    const account = this.#account(budget)
    account.rearmedAfter = account.posted.length
  }

  /** What bears a later time counts as of `toMs`. */
  setTimeBack(toMs: number): void {
    for (const { posted } of this.#accounts.values())
      for (const posting of posted) posting.atMs = Math.min(posting.atMs, toMs)
  }

  #limitOf({ aggregation, limit }: ConstraintSpec, budget: string, amount: number): number | undefined {
    if (aggregation.kind !== 'concentration') return limit
    const own = this.used(budget, 0)
    const standing = own + this.reserved(budget) + amount
    const whole = Math.max(aggregation.totalMin, sumOf(this.#exposure.values()) - own + standing)
    return Math.floor((whole * limit) / 100e6)
  }

  #postTo(constraint: ConstraintSpec, budget: string, origin: Origin, amount: number, atMs: number): void {
    if (constraint.aggregation.kind === 'per-intent') return
    const posting = { atMs, amount, stake: stakeOf(origin) }
    this.#account(budget).posted.push(posting)
    const share = shareOf(constraint, budget, origin)
    if (share !== undefined) this.#account(share.budget).posted.push(posting)
  }

  #account(budget: string): Account {
    const known = this.#accounts.get(budget)
    if (known !== undefined) return known
    const account: Account = { spec: budget.slice(0, budget.indexOf('@')), reserved: 0, posted: [], rearmedAfter: 0 }
    this.#accounts.set(budget, account)
    return account
  }
}

function stakeOf({ venueId, asset }: Origin): string {
  return JSON.stringify([venueId, asset])
}

function sumOf(amounts: Iterable<number>): number {
  let sum = 0
  for (const amount of amounts) sum += amount
  return sum
}

function isCondition({ aggregation: { kind } }: ConstraintSpec): boolean {
  return kind === 'breaker' || kind === 'list'
}

function counts(constraint: ConstraintSpec, measure: string): boolean {
  const isOfIt = constraint.measure === measure || constraint.alsoMeasures?.includes(measure) === true
  return isOfIt && !isCondition(constraint)
}

/** The account of a share by domain. What one that borrows may use depends on all others, and is left to the ledger's own model test. */
function shareOf(
  { shares, limit }: ConstraintSpec,
  budget: string,
  { domain }: Origin,
): { readonly budget: string; readonly limit: number | undefined } | undefined {
  const share = shares?.of[domain]
  if (share === undefined) return undefined
  const guaranteed = share.amount ?? Math.floor((limit * (share.percent ?? 0)) / 100)
  return { budget: `${budget}/domain=${domain}`, limit: share.borrows ? undefined : guaranteed }
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
