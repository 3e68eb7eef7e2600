import { addMicros, type Micros, zeroMicros } from '../money/micros.ts'
import { calendarDay } from '../time/calendar-day.ts'
import type { ConstraintSpec } from './constraint-spec.ts'

/** One constraint's account for one scope key. */
export interface Budget {
  readonly constraint: string
  readonly scopeKey: string
  reserved: Micros
  /** Sum of what counts now, by the constraint's basis; may be negative under `net`. */
  sum: Micros
  /** When a calendar window ends; 0 before the first posting. */
  windowEndMs: number
  /** Postings of a rolling window, oldest first from `head`. */
  readonly entries: { at: number; amount: Micros }[]
  head: number
}

export function newBudget(constraint: string, key: string): Budget {
  return { constraint, scopeKey: key, reserved: zeroMicros, sum: zeroMicros, windowEndMs: 0, entries: [], head: 0 }
}

/** What counts against the limit at `nowMs`. Lets go of what has left the window, O(1) amortised. */
export function usedAt(budget: Budget, spec: ConstraintSpec, nowMs: number): Micros {
  expire(budget, spec, nowMs)
  return budget.sum > 0 ? budget.sum : zeroMicros
}

/** Books a signed amount at `atMs`. */
export function post(budget: Budget, spec: ConstraintSpec, amount: Micros, atMs: number): void {
  expire(budget, spec, atMs)
  const { aggregation } = spec
  if (aggregation.kind === 'per-intent') return
  if (aggregation.kind === 'level') {
    budget.sum = addMicros(budget.sum, amount)
    return
  }
  if (aggregation.basis === 'gross' && amount <= 0) return
  budget.sum = addMicros(budget.sum, amount)
  if (aggregation.kind === 'calendar-day') {
    if (budget.windowEndMs === 0) budget.windowEndMs = calendarDay(atMs, aggregation.timeZone).endMs
    return
  }
  // Postings within a thousandth of the window share an entry that leaves with the newest of them: bounded memory, never early.
  const last = budget.entries.at(-1)
  const mergeWithinMs = aggregation.lengthMs / 1000
  if (
    last !== undefined &&
    budget.entries.length > budget.head &&
    atMs - last.at < mergeWithinMs &&
    isBucketMate(last.at, atMs, mergeWithinMs)
  ) {
    last.amount = addMicros(last.amount, amount)
    last.at = atMs
  } else {
    budget.entries.push({ at: atMs, amount })
  }
}

function isBucketMate(a: number, b: number, widthMs: number): boolean {
  return Math.floor(a / widthMs) === Math.floor(b / widthMs)
}

function expire(budget: Budget, spec: ConstraintSpec, nowMs: number): void {
  const { aggregation } = spec
  if (aggregation.kind === 'calendar-day') {
    if (budget.windowEndMs !== 0 && nowMs >= budget.windowEndMs) {
      budget.sum = zeroMicros
      budget.windowEndMs = 0
    }
    return
  }
  if (aggregation.kind !== 'rolling') return
  const oldest = nowMs - aggregation.lengthMs
  const { entries } = budget
  while (budget.head < entries.length) {
    const entry = entries[budget.head] as { at: number; amount: Micros }
    if (entry.at > oldest) break
    budget.sum = (budget.sum - entry.amount) as Micros
    budget.head++
  }
  if (budget.head > 64 && budget.head * 2 > entries.length) {
    entries.splice(0, budget.head)
    budget.head = 0
  }
}
