import { addMicros, type Micros, zeroMicros } from '../money/micros.ts'
import { calendarPeriod } from '../time/calendar-period.ts'
import type { BreakerMemory } from './breaker.ts'
import type { ConstraintSpec } from './constraint-spec.ts'
import { add, dropBefore, emptyTimedSum, sumBefore, type TimedSum } from './timed-sum.ts'

/** One constraint's account for one scope key. Changed by `evolve` alone. */
export interface Budget {
  readonly constraint: string
  readonly scopeKey: string
  reserved: Micros
  /** Sum of what counts, by the constraint's basis, when last touched; may be negative under `net`, never for a level or a concentration. */
  sum: Micros
  /** The smallest `sum` since the start or since it was re-armed: the peak of the result, as a loss. For drawdowns. */
  trough: Micros
  /** When a calendar window ends; 0 before the first posting. */
  windowEndMs: number
  /** What is inside a rolling window, to be taken off again. Gains apart, for they must leave early and losses late. */
  readonly losses: TimedSum
  readonly gains: TimedSum
  /** What each stake (venue and asset) counts for, only of levels and concentrations: giving back more than was taken in one frees nothing for another. */
  stakes?: Map<string, Micros>
  /** Only of budgets that have tripped, or look at events. */
  breaker?: BreakerMemory
}

export function newBudget(constraint: string, key: string): Budget {
  return {
    constraint,
    scopeKey: key,
    reserved: zeroMicros,
    sum: zeroMicros,
    trough: zeroMicros,
    windowEndMs: 0,
    losses: emptyTimedSum(),
    gains: emptyTimedSum(),
  }
}

/**
 * What counts against the limit at `nowMs`. Looks and changes nothing: a question at a wrong time must not empty a window.
 *
 * @param more Postings that are decided and not applied yet.
 */
export function usedAt(budget: Budget | undefined, spec: ConstraintSpec, nowMs: number, more = 0): Micros {
  const { aggregation } = spec
  let sum: number = budget?.sum ?? 0
  if (budget !== undefined) {
    if (aggregation.kind === 'calendar' && hasEnded(budget, nowMs)) sum = 0
    else if (aggregation.kind === 'rolling') {
      const oldest = nowMs - aggregation.lengthMs
      sum -= sumBefore(budget.losses, oldest) + sumBefore(budget.gains, oldest)
    }
  }
  sum += more
  if (aggregation.kind === 'drawdown') sum -= Math.min(budget?.trough ?? 0, sum)
  return sum > 0 ? (sum as Micros) : zeroMicros
}

/**
 * Books a signed amount at `atMs`.
 *
 * @param stake Key of the venue and asset whose it is.
 */
export function post(budget: Budget, spec: ConstraintSpec, amount: Micros, atMs: number, stake: string): void {
  const { aggregation } = spec
  switch (aggregation.kind) {
    case 'per-intent':
    case 'breaker':
    case 'list':
      return
    case 'level':
    case 'concentration':
      if (amount !== 0) postLevel(budget, amount, stake)
      return
    case 'drawdown':
      budget.sum = addMicros(budget.sum, amount)
      if (budget.sum < budget.trough) budget.trough = budget.sum
      return
    case 'calendar':
      letGo(budget, spec, atMs)
      if (aggregation.basis === 'gross' && amount <= 0) return
      budget.sum = addMicros(budget.sum, amount)
      if (budget.windowEndMs === 0)
        budget.windowEndMs = calendarPeriod(atMs, aggregation.timeZone, aggregation.period).endMs
      return
    case 'rolling': {
      letGo(budget, spec, atMs)
      if (aggregation.basis === 'gross' && amount <= 0) return
      budget.sum = addMicros(budget.sum, amount)
      // Postings within a thousandth of the window share an entry: bounded memory, and nothing counts for less than it should.
      const widthMs = aggregation.lengthMs / 1000
      if (amount > 0) add(budget.losses, amount, atMs, widthMs, 'with-newest')
      else if (amount < 0) add(budget.gains, amount, atMs, widthMs, 'with-oldest')
    }
  }
}

function postLevel(budget: Budget, amount: Micros, stake: string): void {
  budget.stakes ??= new Map()
  const before = budget.stakes.get(stake) ?? zeroMicros
  const after = Math.max(0, addMicros(before, amount)) as Micros
  if (after === 0) budget.stakes.delete(stake)
  else budget.stakes.set(stake, after)
  budget.sum = addMicros(budget.sum, (after - before) as Micros)
}

/** Something in it may leave a window. */
export function hasWindow({ windowEndMs, losses, gains }: Budget): boolean {
  return windowEndMs !== 0 || losses.entries.length > 0 || gains.entries.length > 0
}

/** Forgets what has left the window at `atMs`; each entry once, so O(1) amortised. */
export function letGo(budget: Budget, spec: ConstraintSpec, atMs: number): void {
  const { aggregation } = spec
  if (aggregation.kind === 'calendar' && hasEnded(budget, atMs)) {
    budget.sum = zeroMicros
    budget.windowEndMs = 0
  }
  if (aggregation.kind === 'rolling') {
    const oldest = atMs - aggregation.lengthMs
    budget.sum = (budget.sum - dropBefore(budget.losses, oldest) - dropBefore(budget.gains, oldest)) as Micros
  }
}

function hasEnded(budget: Budget, nowMs: number): boolean {
  return budget.windowEndMs !== 0 && nowMs >= budget.windowEndMs
}
