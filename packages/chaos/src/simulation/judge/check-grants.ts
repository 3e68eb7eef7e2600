import type { Fact } from '@org/core'
import type { Ask, BudgetModel } from './budget-model.ts'
import type { ProtectionModel } from './protection-model.ts'

/** Codes that an intent which only reduces risk is never refused with. */
const neverReducing = new Set(['HALTED', 'REDUCING_ONLY', 'LOCKED', 'NOT_ALLOWED', 'MEASURE_MISSING'])

/** Says which promise did not hold. */
export type Require = (holds: boolean, promise: string, what: () => string) => void

interface Models {
  readonly model: BudgetModel
  readonly protections: ProtectionModel
  readonly require: Require
}

/**
 * May this have been reserved? Takes it out of the model's budgets.
 *
 * @returns What it holds until it ends.
 */
export function checkGrant(
  fact: Extract<Fact, { type: 'intent-reserved' }>,
  atMs: number,
  { model, protections, require }: Models,
): readonly Ask[] {
  const { reservationId: id, intent } = fact
  const stop = intent.reduces ? undefined : protections.stopOf(intent)
  require(stop === undefined, 'the kill switch is obeyed', () => `${id} was reserved while ${stop?.state ?? ''}`)
  if (!intent.reduces) {
    const lock = protections.lockOn(intent, atMs)
    require(lock === undefined, 'a breaker stops new risk', () => `${id} was reserved though ${lock?.name} is locked`)
    const fallen = protections.fallenFor(intent)
    require(fallen === undefined, 'a drawdown stops until it is re-armed', () => `${id} was reserved after ${fallen}`)
  }
  const crosses = intent.reduces && protections.crossesZero(intent)
  require(!crosses, 'what reduces never crosses zero', () => `${id} takes off more than is there`)
  const asks = model.asks(intent)
  const lasting = asks.filter(({ constraint }) => constraint.aggregation.kind !== 'per-intent')
  for (const { budget, amount } of lasting) {
    const taken = fact.amounts
      .filter(taking => taking.budget === budget)
      .reduce((sum, taking) => sum + taking.amount, 0)
    require(taken === amount, 'every matching budget is reserved', () =>
      `${id} took ${taken} of ${budget}, not ${amount}`)
    model.reserve(budget, amount)
  }
  for (const { constraint, budget, amount, limit } of asks) {
    const isLone = constraint.aggregation.kind === 'per-intent'
    const total = isLone ? amount : model.used(budget, atMs) + model.reserved(budget)
    const isWithin = !constraint.enforce || limit === undefined || total <= limit
    require(isWithin, 'no overspend', () => `${id} brought ${budget} to ${total} of ${limit}`)
  }
  return lasting
}

/** May this have been refused, and with these figures? A leg is refused on top of the legs before it, which then are not written. */
export function checkRefusal(
  fact: Extract<Fact, { type: 'intent-rejected' }>,
  atMs: number,
  isLeg: boolean,
  { model, protections, require }: Models,
): void {
  const { intent, code, figures } = fact
  const passes = !intent.reduces || !neverReducing.has(code)
  require(passes, 'what reduces risk passes', () => `${intent.id}: ${code}`)
  const isCalledFor =
    (code !== 'HALTED' && code !== 'REDUCING_ONLY' && code !== 'LOCKED' && code !== 'NOT_REDUCING') ||
    (code === 'LOCKED' && protections.lockOn(intent, atMs) !== undefined) ||
    (code === 'NOT_REDUCING' && protections.crossesZero(intent)) ||
    protections.stopOf(intent) !== undefined
  require(isCalledFor, 'nothing is refused without a reason', () => `${intent.id}: ${code}`)
  if (figures === undefined) return
  const { constraint: name, scope, limit, used, reserved, requested } = figures
  const constraint = model.constraints.get(name)
  const budget = `${name}@${scope}`
  require(!intent.reduces || constraint?.bindsReducing === true, 'what reduces risk passes', () =>
    `${intent.id}: ${budget}`)
  // The limit of a share or a concentration follows from all others.
  const isPlain = constraint?.aggregation.kind !== 'concentration' && !scope.includes('/')
  const isReason =
    constraint?.enforce === true && used + reserved + requested > limit && (!isPlain || limit === constraint.limit)
  require(isReason, 'nothing is refused without a reason', () => `${intent.id}: ${JSON.stringify(figures)}`)
  const known = model.reserved(budget)
  const isTrue = (isLeg ? reserved >= known : reserved === known) && used >= model.used(budget, atMs)
  require(isTrue, 'a refusal names the true figures', () => `${intent.id}: ${JSON.stringify(figures)}`)
}
