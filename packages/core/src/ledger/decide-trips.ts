import type { ExactPosting, Fact } from '../journal/fact.ts'
import { formatMicros, type Micros } from '../money/micros.ts'
import { allSides, type BreakerEvent, lockEnd, sidesOf, whyTripped, withEvent } from './breaker.ts'
import type { Breaker } from './constraint-spec.ts'
import type { LedgerState } from './ledger-state.ts'
import { limitAt } from './limit-at.ts'
import { accountOf, type BudgetMatch, matchesOf } from './matching-budgets.ts'
import type { Origin } from './scope.ts'

/** An event and where it happened. */
export interface PlacedEvent {
  readonly origin: Origin
  readonly event: BreakerEvent
}

/** Postings and whose they are. */
export interface PlacedPostings {
  readonly origin: Origin
  readonly postings: readonly ExactPosting[]
}

/** Adds to `facts` the drawdowns that trip once all of `booked` are booked. */
export function tripsAfterPostings(state: LedgerState, booked: readonly PlacedPostings[], facts: Fact[]): void {
  const judged = booked.length > 1 ? new Set<string>() : undefined
  for (const { origin } of booked)
    for (const match of matchesOf(state, origin).conditions) {
      if (match.spec.aggregation.kind !== 'drawdown' || judged?.has(match.budgetKey)) continue
      judged?.add(match.budgetKey)
      const drop = dropAfter(state, match, booked)
      const limit = limitAt(state, match, drop, 0)
      if (drop > 0 && drop >= limit && !accountOf(state, match)?.breaker?.locks.has(allSides))
        facts.push({
          type: 'breaker-tripped',
          budget: match.budgetKey,
          reason: `fell ${formatMicros(drop as Micros)} from its peak, the limit is ${formatMicros(limit)}; re-arm it by hand`,
        })
    }
}

/** How far the result stands below its peak at its lowest, while `booked` are booked in order. */
function dropAfter(state: LedgerState, match: BudgetMatch, booked: readonly PlacedPostings[]): number {
  const { spec, budgetKey } = match
  const account = accountOf(state, match)
  let sum: number = account?.sum ?? 0
  let trough: number = account?.trough ?? 0
  let drop = 0
  for (const { origin, postings } of booked) {
    if (!matchesOf(state, origin).conditions.some(condition => condition.budgetKey === budgetKey)) continue
    for (const { measure, amount } of postings) {
      if (measure !== spec.measure && !spec.alsoMeasures?.includes(measure)) continue
      sum += amount
      if (sum < trough) trough = sum
      if (sum - trough > drop) drop = sum - trough
    }
  }
  return drop
}

/** Adds to `facts` the breakers that trip once all of `events` are noted. Judged once, after the last of them. */
export function tripsAfterEvents(
  state: LedgerState,
  feed: Breaker['feed'],
  events: readonly PlacedEvent[],
  nowMs: number,
  facts: Fact[],
): void {
  const touched = new Map<string, { readonly breaker: Breaker; readonly limit: Micros; events: BreakerEvent[] }>()
  for (const { origin, event } of events)
    for (const match of matchesOf(state, origin).conditions) {
      const { spec, budgetKey } = match
      const { aggregation } = spec
      if (aggregation.kind !== 'breaker' || aggregation.feed !== feed) continue
      const known = touched.get(budgetKey)?.events ?? accountOf(state, match)?.breaker?.events ?? []
      touched.set(budgetKey, {
        breaker: aggregation,
        limit: spec.limit,
        events: withEvent(known, event, aggregation, nowMs),
      })
    }
  for (const [budget, { breaker, limit, events: seen }] of touched)
    for (const side of sidesOf(breaker, seen)) {
      const untilMs = lockEnd(breaker, limit, seen, side, nowMs)
      const locked = state.budgets.get(budget)?.breaker?.locks.get(side)?.untilMs ?? 0
      if (untilMs === undefined || nowMs >= untilMs || untilMs <= locked) continue
      facts.push({
        type: 'breaker-tripped',
        budget,
        ...(side === allSides ? {} : { side }),
        untilMs,
        reason: whyTripped(breaker.rule.kind, untilMs),
      })
    }
}
