import type { Lock } from '../ledger/breaker.ts'
import { usedAt } from '../ledger/budget.ts'
import type { ConstraintSpec } from '../ledger/constraint-spec.ts'
import { expireUnsent } from '../ledger/decide-reserve.ts'
import { expiredAt } from '../ledger/expiry.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'
import { limitAt } from '../ledger/limit-at.ts'
import { type BudgetMatch, shareKey } from '../ledger/matching-budgets.ts'
import { giveBack, nothingPending, type Pending } from '../ledger/pending.ts'
import { describeScope, type Origin, scopeFields, scopeKey } from '../ledger/scope.ts'
import { strictestState } from '../ledger/trading-state.ts'
import { fromMicros, type Micros } from '../money/micros.ts'
import type { BudgetStatus, PortfolioAssessment } from './risk-manager.ts'
import { tailRisks } from './value-at-risk.ts'

/** One budget as it stands at `nowMs`. */
export function budgetStatus(
  state: LedgerState,
  spec: ConstraintSpec,
  origin: Partial<Origin>,
  nowMs: number,
): BudgetStatus {
  const pending = expiredBy(state, nowMs)
  const wholeKey = `${spec.name}@${keyFor(spec, origin)}`
  const field = scopeFields.find(([name]) => name === spec.shares?.by)?.[1]
  const value = field === undefined ? undefined : origin[field]
  const whole = statusOf(state, matchOf(spec, wholeKey), nowMs, pending)
  if (spec.shares === undefined || value === undefined) return whole
  const owner = Object.hasOwn(spec.shares.of, value) ? value : undefined
  const share = { value: owner, wholeKey }
  const status = statusOf(state, { ...matchOf(spec, shareKey(spec, wholeKey, owner)), share }, nowMs, pending)
  return { ...status, available: Math.min(status.available, whole.available) }
}

/** The scope key of the budget of `spec` that `origin` falls into; fields that it leaves open are taken from the scope. */
export function keyFor({ scope }: ConstraintSpec, origin: Partial<Origin>): string {
  const whole: Record<string, string> = {}
  for (const [name, field] of scopeFields) {
    const wanted = scope[name]
    const value = origin[field] ?? (typeof wanted === 'string' ? wanted : wanted?.[0])
    if (value !== undefined) whole[field] = value
  }
  return scopeKey(scope, whole) ?? describeScope(scope)
}

function matchOf(spec: ConstraintSpec, budgetKey: string): BudgetMatch {
  return { spec, budgetKey, order: 0, share: undefined, account: undefined }
}

/** What has expired unsent is free, though nothing has happened since that would have written it down. */
function expiredBy(state: LedgerState, nowMs: number): Pending {
  const pending = nothingPending()
  giveBack(pending, state, expireUnsent(state, nowMs))
  return pending
}

function statusOf(state: LedgerState, match: BudgetMatch, nowMs: number, pending: Pending): BudgetStatus {
  const { spec, budgetKey } = match
  const budget = state.budgets.get(budgetKey)
  const used = usedAt(budget, spec, nowMs)
  const reserved = (budget?.reserved ?? 0) + (pending.reserved.get(budgetKey) ?? 0)
  const limit = limitAt(state, match, used + reserved, nowMs, pending)
  const locks = [...(budget?.breaker?.locks.values() ?? [])].filter(({ untilMs }) => nowMs < untilMs)
  return {
    constraint: spec.name,
    type: spec.type,
    scope: budgetKey.slice(spec.name.length + 1),
    limit: fromMicros(limit),
    used: fromMicros(used),
    reserved: fromMicros(reserved as Micros),
    available: locks.length > 0 ? 0 : fromMicros(Math.max(0, limit - used - reserved) as Micros),
    enforced: spec.enforce,
    ...(budget !== undefined && budget.windowEndMs > nowMs ? { resetsAt: budget.windowEndMs } : {}),
    ...lockFields(locks),
  }
}

/** As JSON keeps it: an end at infinity would come back as null. */
function lockFields(locks: readonly Lock[]): Pick<BudgetStatus, 'locked' | 'lockedUntil'> {
  if (locks.length === 0) return {}
  const untilMs = Math.max(...locks.map(lock => lock.untilMs))
  return untilMs === Number.POSITIVE_INFINITY ? { locked: true } : { locked: true, lockedUntil: untilMs }
}

/** The whole portfolio at `nowMs`, over everything that shares the ledger. */
export function assessPortfolio(
  state: LedgerState,
  nowMs: number,
  startEquity: Micros | undefined,
): PortfolioAssessment {
  const pending = expiredBy(state, nowMs)
  const expired = new Set(expiredAt(state, nowMs))
  const budgets: BudgetStatus[] = []
  const seen = new Set<string>()
  for (const [key, budget] of state.budgets) {
    const spec = state.constraints.get(budget.constraint)
    if (spec === undefined) continue
    seen.add(spec.name)
    budgets.push(statusOf(state, { ...matchOf(spec, key), share: shareOf(spec, key) }, nowMs, pending))
  }
  for (const spec of state.constraints.values())
    if (!seen.has(spec.name))
      budgets.push(statusOf(state, matchOf(spec, `${spec.name}@${describeScope(spec.scope)}`), nowMs, pending))

  const reserved = { loss: 0, exposure: 0, 'operating-cost': 0 }
  for (const { id, requested } of state.reservations.values())
    if (!expired.has(id))
      for (const { measure, amount } of requested) if (isAtRisk(measure)) reserved[measure] += amount
  let atStake = 0
  for (const amount of state.exposure.domain.values()) atStake += Math.max(0, amount)
  const lossToday = nowMs < state.lossToday.dayEndMs ? state.lossToday.sum : 0
  return {
    asOf: nowMs,
    state: strictestState(state, {})?.state ?? 'active',
    budgets,
    bindsFirst: bindsFirst(state, budgets),
    equity: startEquity === undefined ? undefined : fromMicros((startEquity - state.lossEver) as Micros),
    resultEver: fromMicros((state.lossEver === 0 ? 0 : -state.lossEver) as Micros),
    lossToday: fromMicros(lossToday as Micros),
    exposure: fromMicros(atStake as Micros),
    exposureByDomain: plain(state.exposure.domain),
    exposureByVenue: plain(state.exposure.venue),
    exposureByAsset: plain(state.exposure.asset),
    reservedLoss: fromMicros(reserved.loss as Micros),
    worstCaseLossToday: fromMicros((lossToday + reserved.loss) as Micros),
    worstCaseLoss: fromMicros(
      (lossToday + reserved.loss + reserved['operating-cost'] + atStake + reserved.exposure) as Micros,
    ),
    tailRisks: tailRisks(state, nowMs),
    openReservations: state.reservations.size - expired.size,
  }
}

function isAtRisk(measure: string): measure is 'loss' | 'exposure' | 'operating-cost' {
  return measure === 'loss' || measure === 'exposure' || measure === 'operating-cost'
}

/** Of the enforced budgets that count amounts, the one with the smallest share of its limit left; a limit of 0 has none. */
function bindsFirst(state: LedgerState, budgets: readonly BudgetStatus[]): BudgetStatus | undefined {
  const share = ({ available, limit }: BudgetStatus) => (limit === 0 ? 0 : available / limit)
  let first: BudgetStatus | undefined
  for (const budget of budgets) {
    const kind = state.constraints.get(budget.constraint)?.aggregation.kind
    const isAsked = budget.enforced && kind !== 'list' && (kind !== 'breaker' || budget.locked === true)
    if (isAsked && (first === undefined || share(budget) < share(first))) first = budget
  }
  return first
}

/** Whose share the account under `key` is. */
function shareOf(spec: ConstraintSpec, key: string): BudgetMatch['share'] {
  for (const value of [...Object.keys(spec.shares?.of ?? {}), undefined]) {
    const end = shareKey(spec, '', value)
    if (spec.shares !== undefined && key.endsWith(end)) return { value, wholeKey: key.slice(0, -end.length) }
  }
  return undefined
}

function plain(totals: ReadonlyMap<string, Micros>): Record<string, number> {
  return Object.fromEntries([...totals].map(([key, amount]) => [key, fromMicros(amount)]))
}
