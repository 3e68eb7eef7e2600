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
  const after = new Map<string, { readonly match: BudgetMatch; sum: number; trough: number; drop: number }>()
  for (const { origin, postings } of booked)
    for (const match of matchesOf(state, origin).conditions) {
      const { spec, budgetKey } = match
      const account = accountOf(state, match)
      if (spec.aggregation.kind !== 'drawdown' || account?.breaker?.locks.has(allSides)) continue
      const fall = after.get(budgetKey) ?? { match, sum: account?.sum ?? 0, trough: account?.trough ?? 0, drop: 0 }
      after.set(budgetKey, fall)
      for (const { measure, amount } of postings)
        if (measure === spec.measure || spec.alsoMeasures?.includes(measure)) {
          fall.sum += amount
          fall.trough = Math.min(fall.trough, fall.sum)
          fall.drop = Math.max(fall.drop, fall.sum - fall.trough)
        }
    }
  for (const [budget, { match, drop }] of after) {
    const limit = limitAt(state, match, drop, 0)
    if (drop > 0 && drop >= limit)
      facts.push({
        type: 'breaker-tripped',
        budget,
        reason: `fell ${formatMicros(drop as Micros)} from its peak, the limit is ${formatMicros(limit)}; re-arm it by hand`,
      })
  }
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
