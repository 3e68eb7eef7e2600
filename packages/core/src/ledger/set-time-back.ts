import type { BudgetAmount } from '../journal/fact.ts'
import { addMicros, type Micros } from '../money/micros.ts'
import { calendarPeriod } from '../time/calendar-period.ts'
import { dayEndAfter } from './apply-postings.ts'
import { stopEnd } from './breaker.ts'
import { type Budget, post } from './budget.ts'
import type { ConstraintSpec } from './constraint-spec.ts'
import { forgetAllDue } from './expiry.ts'
import type { LedgerState } from './ledger-state.ts'
import { takeAfter } from './timed-sum.ts'

/**
 * Sets the ledger's time back to `toMs`, after a wrong clock took it ahead. What bears a later time happened at some time before `toMs`: it
 * counts as of `toMs`, so that nothing leaves a window too early. Reservations keep the life that is left to them.
 *
 * @param kept What windows had let go of and count again from now.
 */
export function setTimeBack(state: LedgerState, toMs: number, kept: readonly BudgetAmount[] = []): void {
  const aheadMs = state.lastAtMs - toMs
  state.lastAtMs = toMs
  for (const reservation of state.reservations.values()) reservation.expiresAt -= aheadMs
  forgetAllDue(state)
  for (const budget of state.budgets.values()) {
    const spec = state.constraints.get(budget.constraint)
    if (spec !== undefined) restamp(budget, spec, toMs)
  }
  for (const { budget: key, amount } of kept) {
    const budget = state.budgets.get(key)
    const spec = budget === undefined ? undefined : state.constraints.get(budget.constraint)
    if (budget !== undefined && spec !== undefined) post(budget, spec, amount, toMs, '')
  }
  restampDays(state, toMs)
}

function restamp(budget: Budget, { aggregation }: ConstraintSpec, toMs: number): void {
  switch (aggregation.kind) {
    case 'rolling':
      for (const sum of [budget.losses, budget.gains]) {
        const moved = takeAfter(sum, toMs)
        if (moved !== 0) sum.entries.push({ at: toMs, amount: moved })
      }
      return
    case 'calendar':
      budget.windowEndMs = Math.min(
        budget.windowEndMs,
        calendarPeriod(toMs, aggregation.timeZone, aggregation.period).endMs,
      )
      return
    case 'breaker': {
      const { breaker } = budget
      if (breaker === undefined) return
      breaker.events = breaker.events.map(event => (event.at > toMs ? { ...event, at: toMs } : event))
      const untilMsMax = stopEnd(aggregation, toMs)
      for (const [side, lock] of breaker.locks)
        if (lock.untilMs > untilMsMax) breaker.locks.set(side, { ...lock, untilMs: untilMsMax })
      return
    }
    default:
  }
}

/** The day that the wrong clock ended goes on. */
function restampDays({ lossToday, pastDays }: LedgerState, toMs: number): void {
  const dayEndMs = dayEndAfter(toMs)
  if (lossToday.dayEndMs <= dayEndMs) return
  lossToday.dayEndMs = dayEndMs
  for (let last = pastDays.at(-1); last !== undefined && last.dayEndMs >= dayEndMs; last = pastDays.at(-1)) {
    lossToday.sum = addMicros(lossToday.sum, last.loss as Micros)
    pastDays.pop()
  }
}
