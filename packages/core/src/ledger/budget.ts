import { addMicros, type Micros, zeroMicros } from '../money/micros.ts'
import { calendarDay } from '../time/calendar-day.ts'
import type { ConstraintSpec } from './constraint-spec.ts'
import { add, dropBefore, emptyTimedSum, sumBefore, type TimedSum } from './timed-sum.ts'

/** One constraint's account for one scope key. Changed by `evolve` alone. */
export interface Budget {
  readonly constraint: string
  readonly scopeKey: string
  reserved: Micros
  /** Sum of what counts, by the constraint's basis, when last touched; may be negative under `net`. */
  sum: Micros
  /** When a calendar window ends; 0 before the first posting. */
  windowEndMs: number
  /** What is inside a rolling window, to be taken off again. Gains apart, for they must leave early and losses late. */
  readonly losses: TimedSum
  readonly gains: TimedSum
}

export function newBudget(constraint: string, key: string): Budget {
  return {
    constraint,
    scopeKey: key,
    reserved: zeroMicros,
    sum: zeroMicros,
    windowEndMs: 0,
    losses: emptyTimedSum(),
    gains: emptyTimedSum(),
  }
}

/** What counts against the limit at `nowMs`. Looks and changes nothing: a question at a wrong time must not empty a window. */
export function usedAt(budget: Budget, spec: ConstraintSpec, nowMs: number): Micros {
  const { aggregation } = spec
  let sum: number = budget.sum
  if (aggregation.kind === 'calendar-day' && hasEnded(budget, nowMs)) sum = 0
  if (aggregation.kind === 'rolling') {
    const oldest = nowMs - aggregation.lengthMs
    sum -= sumBefore(budget.losses, oldest) + sumBefore(budget.gains, oldest)
  }
  return sum > 0 ? (sum as Micros) : zeroMicros
}

/** Books a signed amount at `atMs`. */
export function post(budget: Budget, spec: ConstraintSpec, amount: Micros, atMs: number): void {
  const { aggregation } = spec
  if (aggregation.kind === 'per-intent') return
  letGo(budget, spec, atMs)
  if (aggregation.kind !== 'level' && aggregation.basis === 'gross' && amount <= 0) return
  budget.sum = addMicros(budget.sum, amount)
  if (aggregation.kind === 'calendar-day' && budget.windowEndMs === 0)
    budget.windowEndMs = calendarDay(atMs, aggregation.timeZone).endMs
  if (aggregation.kind === 'rolling') {
    // Postings within a thousandth of the window share an entry: bounded memory, and nothing counts for less than it should.
    const widthMs = aggregation.lengthMs / 1000
    if (amount > 0) add(budget.losses, amount, atMs, { widthMs, leaves: 'with-newest' })
    else if (amount < 0) add(budget.gains, amount, atMs, { widthMs, leaves: 'with-oldest' })
  }
}

/** Forgets what has left the window at `atMs`; each entry once, so O(1) amortised. */
export function letGo(budget: Budget, spec: ConstraintSpec, atMs: number): void {
  const { aggregation } = spec
  if (aggregation.kind === 'calendar-day' && hasEnded(budget, atMs)) {
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
