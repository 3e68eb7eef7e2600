import type { ConstraintSpec, Intent, Origin } from '@org/core'
import type { BudgetModel } from './budget-model.ts'

/** Locks, stops and stakes once more: what keeps an intent from its turn without being an amount. */
export class ProtectionModel {
  readonly #budgets: BudgetModel
  readonly #locks = new Map<string, number>()
  readonly #stops = new Map<string, { readonly state: string; readonly seq: number }>()
  readonly #stakes = new Map<string, { exposure: number; reducing: number }>()
  /** Drawdowns that have reached their limit by the model's own account. */
  readonly #fallen = new Set<string>()

  constructor(budgets: BudgetModel) {
    this.#budgets = budgets
  }

  trip(budget: string, untilMs: number): void {
    this.#locks.set(budget, Math.max(untilMs, this.#locks.get(budget) ?? 0))
  }

  rearm(budget: string): void {
    this.#locks.delete(budget)
    this.#fallen.delete(budget)
    this.#budgets.rearm(budget)
  }

  /** No lock lasts longer than if it had begun now. */
  setTimeBack(toMs: number): void {
    this.#budgets.setTimeBack(toMs)
    for (const [budget, untilMs] of this.#locks) {
      const aggregation = this.#budgets.constraints.get(budget.slice(0, budget.indexOf('@')))?.aggregation
      if (aggregation?.kind === 'breaker') this.#locks.set(budget, Math.min(untilMs, toMs + aggregation.stopMs))
    }
  }

  setState(scope: string, state: string, seq: number): void {
    if (state === 'active') this.#stops.delete(scope)
    else this.#stops.set(scope, { state, seq })
  }

  /** To be called after each posting. */
  post(origin: Origin, measure: string, amount: number, atMs: number): void {
    if (measure === 'exposure') {
      const stake = this.#stakeOf(origin)
      // A close of what was never seen says nothing of what is left.
      if (stake !== undefined) stake.exposure = Math.max(0, stake.exposure + amount)
      else if (amount > 0) this.#stakes.set(stakeKey(origin), { exposure: amount, reducing: 0 })
    }
    for (const { constraint, budget } of this.#budgets.covering(origin))
      if (constraint.aggregation.kind === 'drawdown' && this.#budgets.used(budget, atMs) >= constraint.limit)
        this.#fallen.add(budget)
  }

  /** What is being taken off a stake until its intent ends. */
  reduce(intent: Intent): number {
    const stake = intent.reduces ? this.#stakeOf(intent) : undefined
    const amount = stake === undefined ? 0 : reductionOf(intent)
    if (stake !== undefined) stake.reducing += amount
    return amount
  }

  endReduction(origin: Origin, amount: number): void {
    const stake = this.#stakeOf(origin)
    if (stake !== undefined) stake.reducing -= amount
  }

  /** Would it take off more than is there? Where no stake is known, nobody can say. */
  crossesZero(intent: Intent): boolean {
    const stake = this.#stakeOf(intent)
    return stake !== undefined && reductionOf(intent) > 0 && reductionOf(intent) > stake.exposure - stake.reducing
  }

  stopOf({ venueId, domain }: Origin): { readonly state: string; readonly seq: number } | undefined {
    return this.#stops.get('global') ?? this.#stops.get(`venue=${venueId}`) ?? this.#stops.get(`domain=${domain}`)
  }

  /** The constraint whose breaker is locked for `origin`. */
  lockOn(origin: Origin, atMs: number): ConstraintSpec | undefined {
    return this.#budgets
      .covering(origin)
      .find(({ budget, constraint }) => constraint.enforce && (this.#locks.get(budget) ?? 0) > atMs)?.constraint
  }

  /** The drawdown that has fallen too far and was not re-armed. */
  fallenFor(origin: Origin): string | undefined {
    return this.#budgets.covering(origin).find(({ budget }) => this.#fallen.has(budget))?.budget
  }

  #stakeOf(origin: Origin): { exposure: number; reducing: number } | undefined {
    return this.#stakes.get(stakeKey(origin))
  }
}

function stakeKey({ venueId, asset }: Origin): string {
  return `${venueId} ${asset ?? ''}`
}

function reductionOf({ reduction = 0 }: Intent): number {
  return Math.ceil(Number(reduction) * 1e6 - 1e-4)
}
