import type { DefaultRiskManager } from '@org/core'
import type { BudgetPoint, Refusal } from './backtest-result.ts'

const dayMs = 86_400_000

/** Refusals that are kept; all are counted. */
const refusalsMax = 10_000

/** Watches the budgets of a run: what was refused, and what was used at the end of each day (UTC). */
export class BudgetRecorder {
  readonly refusals: Refusal[] = []
  readonly budgetUse: BudgetPoint[] = []
  readonly booked: { readonly at: number; readonly result: number }[] = []
  refusalCount = 0
  readonly #risk: DefaultRiskManager
  readonly #unsubscribe: () => void
  readonly #isAsked: boolean
  /** Of the budgets that had something in them when they were looked at last. */
  readonly #limits = new Map<string, number>()
  #day = -1

  /** @param isAsked Without a gate nobody asks the budgets, and there is nothing to look at. */
  constructor(risk: DefaultRiskManager, isAsked: boolean) {
    this.#risk = risk
    this.#isAsked = isAsked
    this.#unsubscribe = risk.store.subscribe(({ fact, at }) => {
      if (fact.type !== 'intent-rejected') return
      const { strategyId, venueId, asset } = fact.intent
      this.refusalCount++
      this.refusals.push({ at, strategyId, venueId, asset, code: fact.code, message: fact.message })
      if (this.refusals.length > refusalsMax) this.refusals.shift()
    })
  }

  /** Called before time moves on to `nextMs`: a day that ends is looked at while it is still that day. */
  beforeMovingTo(nextMs: number): void {
    if (!this.#isAsked) return
    const day = Math.floor(nextMs / dayMs)
    if (day === this.#day) return
    if (this.#day >= 0) this.#sample()
    this.#day = day
  }

  close(): void {
    if (this.#isAsked) this.#sample()
    this.#unsubscribe()
  }

  #sample(): void {
    const { budgets, asOf: at, resultEver: result } = this.#risk.assessPortfolio()
    this.booked.push({ at, result })
    const inUse = new Set<string>()
    for (const { constraint, limit, used } of budgets) {
      if (used === 0) continue
      inUse.add(constraint)
      this.#limits.set(constraint, limit)
      this.budgetUse.push({ at, constraint, limit, used })
    }
    // Nothing, after something, is news: a window that has passed is not even listed.
    for (const [constraint, limit] of this.#limits) {
      if (inUse.has(constraint)) continue
      this.#limits.delete(constraint)
      this.budgetUse.push({ at, constraint, limit, used: 0 })
    }
  }
}
