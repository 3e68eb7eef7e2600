import type { Budget } from '../ledger/budget.ts'
import type { ConstraintSpec } from '../ledger/constraint-spec.ts'
import { emptyLedger, evolve } from '../ledger/evolve.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'
import { setTimeBack } from '../ledger/set-time-back.ts'
import { ledgerFromText, ledgerToText } from '../ledger/snapshot.ts'
import { addMicros, type Micros, zeroMicros } from '../money/micros.ts'
import type { BudgetAmount, Fact } from './fact.ts'
import type { JournalEntry } from './journal-entry.ts'
import { fromTheFirst } from './replay.ts'

/**
 * What windows have let go of only because a wrong clock took the ledger's time ahead of `nowMs`: to be counted again once it is set back.
 *
 * Found by living through the journal twice, once as it was and once with a clock that is never ahead. When what bears a later time really
 * happened nobody knows: its losses count, and its gains do not.
 *
 * @throws {AutomationError} `JOURNAL_INCOMPLETE`
 */
export async function letGoTooEarly(entries: AsyncIterable<JournalEntry>, nowMs: number): Promise<BudgetAmount[]> {
  const written = emptyLedger()
  let meant = emptyLedger()
  let isAhead = false
  for await (const { fact, at } of fromTheFirst(entries)) {
    evolve(written, fact, at)
    if (fact.type === 'time-set-back') {
      // What was put right then is right.
      meant = ledgerFromText(ledgerToText(written))
      isAhead = false
      continue
    }
    if (at > nowMs && !isAhead) {
      isAhead = true
      for (const constraint of written.constraints.values())
        evolve(meant, withoutGains({ type: 'constraint-set', constraint, reason: '', by: '' }), nowMs)
    }
    evolve(meant, isAhead ? withoutGains(fact) : fact, Math.min(at, nowMs))
  }
  setTimeBack(written, nowMs)
  return missing(written, meant)
}

function withoutGains(fact: Fact): Fact {
  if (fact.type !== 'constraint-set') return fact
  const { aggregation } = fact.constraint
  if (aggregation.kind !== 'rolling' && aggregation.kind !== 'calendar') return fact
  return { ...fact, constraint: { ...fact.constraint, aggregation: { ...aggregation, basis: 'gross' } } }
}

function missing(written: LedgerState, meant: LedgerState): BudgetAmount[] {
  const amounts: BudgetAmount[] = []
  for (const [budget, account] of meant.budgets) {
    const spec = meant.constraints.get(account.constraint)
    const kept = written.budgets.get(budget)
    if (spec === undefined || kept === undefined) continue
    const amount = shortfall(spec, kept, account)
    if (amount > 0) amounts.push({ budget, amount: amount as Micros })
  }
  return amounts
}

function shortfall({ aggregation }: ConstraintSpec, written: Budget, meant: Budget): number {
  if (aggregation.kind === 'calendar') return meant.sum - written.sum
  if (aggregation.kind !== 'rolling') return 0
  const losses = total(meant.losses)
  if (losses === total(written.losses) && meant.sum === written.sum) return 0
  // Which gains leave before which losses is not kept: none may make up for what comes back.
  return losses - written.sum
}

function total({ entries, head }: Budget['losses']): Micros {
  return entries.slice(head).reduce((sum, { amount }) => addMicros(sum, amount), zeroMicros)
}
