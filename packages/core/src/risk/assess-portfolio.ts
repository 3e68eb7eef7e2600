import { usedAt } from '../ledger/budget.ts'
import type { ConstraintSpec } from '../ledger/constraint-spec.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'
import { describeScope, type Origin, scopeKey } from '../ledger/scope.ts'
import { strictestState } from '../ledger/trading-state.ts'
import { fromMicros, type Micros } from '../money/micros.ts'
import type { BudgetStatus, PortfolioAssessment } from './risk-manager.ts'

/** One budget as it stands at `nowMs`. */
export function budgetStatus(
  state: LedgerState,
  spec: ConstraintSpec,
  origin: Partial<Origin>,
  nowMs: number,
): BudgetStatus {
  const whole: Origin = {
    domain: origin.domain ?? spec.scope.domain ?? '*',
    strategyId: origin.strategyId ?? spec.scope.strategy ?? '*',
    venueId: origin.venueId ?? spec.scope.venue ?? '*',
    asset: origin.asset ?? spec.scope.asset,
  }
  return statusOf(state, spec, scopeKey(spec.scope, whole) ?? describeScope(spec.scope), nowMs)
}

function statusOf(state: LedgerState, spec: ConstraintSpec, key: string, nowMs: number): BudgetStatus {
  const budget = state.budgets.get(`${spec.name}@${key}`)
  const used = budget === undefined ? 0 : usedAt(budget, spec, nowMs)
  const reserved = budget?.reserved ?? 0
  return {
    constraint: spec.name,
    type: spec.type,
    scope: key,
    limit: fromMicros(spec.limit),
    used: fromMicros(used as Micros),
    reserved: fromMicros(reserved as Micros),
    available: fromMicros(Math.max(0, spec.limit - used - reserved) as Micros),
    enforced: spec.enforce,
    ...(budget !== undefined && budget.windowEndMs > nowMs ? { resetsAt: budget.windowEndMs } : {}),
  }
}

/** The whole portfolio at `nowMs`, over everything that shares the ledger. */
export function assessPortfolio(state: LedgerState, nowMs: number): PortfolioAssessment {
  const budgets: BudgetStatus[] = []
  const seen = new Set<string>()
  for (const budget of state.budgets.values()) {
    const spec = state.constraints.get(budget.constraint)
    if (spec === undefined) continue
    seen.add(spec.name)
    budgets.push(statusOf(state, spec, budget.scopeKey, nowMs))
  }
  for (const spec of state.constraints.values())
    if (!seen.has(spec.name)) budgets.push(statusOf(state, spec, describeScope(spec.scope), nowMs))

  let reservedLoss = 0
  for (const reservation of state.reservations.values())
    for (const { measure, amount } of reservation.requested) if (measure === 'loss') reservedLoss += amount
  const lossToday = nowMs < state.lossToday.dayEndMs ? state.lossToday.sum : 0
  const share = (budget: BudgetStatus) => (budget.limit === 0 ? 0 : budget.available / budget.limit)
  const bindsFirst = budgets.filter(budget => budget.enforced).sort((a, b) => share(a) - share(b))[0]
  return {
    asOf: nowMs,
    state: strictestState(state, {})?.state ?? 'active',
    budgets,
    bindsFirst,
    lossToday: fromMicros(lossToday as Micros),
    exposureByDomain: plain(state.exposure.domain),
    exposureByVenue: plain(state.exposure.venue),
    exposureByAsset: plain(state.exposure.asset),
    reservedLoss: fromMicros(reservedLoss as Micros),
    worstCaseLossToday: fromMicros((lossToday + reservedLoss) as Micros),
    openReservations: state.reservations.size,
  }
}

function plain(totals: ReadonlyMap<string, Micros>): Record<string, number> {
  return Object.fromEntries([...totals].map(([key, amount]) => [key, fromMicros(amount)]))
}
