import { DefaultRiskManager, type Fact, fromMicros } from '@org/core'
import type { Answer } from '../answer.ts'
import { budgetData, budgetsText, figure } from '../budgets.ts'
import { openStore } from '../open-store.ts'
import type { Context } from '../surroundings.ts'
import { moment, table } from '../table.ts'

/** What may still be lost and spent; of one constraint where it is named. */
export async function showBudgets({ store: path, clock }: Context, name?: string): Promise<Answer> {
  await using store = await openStore(path, clock)
  const risk = new DefaultRiskManager([], { store, clock })
  // An unknown name is refused with the known ones.
  if (name !== undefined) risk.remaining(name)
  const ledger = store.read()
  const budgets = risk
    .assessPortfolio()
    .budgets.filter(({ constraint }) => name === undefined || constraint === name)
    .map(budget => budgetData(ledger, budget))
  return { data: { budgets }, text: budgetsText(ledger, budgets) }
}

/** Sets a limit for every process on the store, at once and for good; below what is used it blocks new risk and nothing else. */
export async function setBudget(
  { store: path, clock }: Context,
  name: string,
  limit: string,
  { reason, by }: { readonly reason: string; readonly by: string },
): Promise<Answer> {
  await using store = await openStore(path, clock)
  const risk = new DefaultRiskManager([], { store, clock })
  const before = store.read().constraints.get(name)?.limit
  await risk.setLimit(name, limit, reason, by)
  const spec = store.read().constraints.get(name)
  if (spec === undefined || before === undefined) throw new Error(`${name} was set and is not there`)
  const [from, to] = [fromMicros(before), fromMicros(spec.limit)]
  return {
    data: { constraint: name, limitBefore: from, limit: to },
    text: `${name}: limit ${figure(spec, from)} -> ${figure(spec, to)}\n`,
  }
}

/** Who set which limit when, and what tripped or was re-armed. */
export async function budgetHistory({ store: path, clock }: Context, name?: string): Promise<Answer> {
  await using store = await openStore(path, clock)
  if (name !== undefined) new DefaultRiskManager([], { store, clock }).remaining(name)
  const changes: { seq: number; at: number; constraint: string; what: string; by?: string; reason: string }[] = []
  for await (const { seq, at, fact } of store.journal()) {
    const change = changeOf(fact)
    if (change !== undefined && (name === undefined || change.constraint === name)) changes.push({ seq, at, ...change })
  }
  const rows = changes.map(({ at, constraint, what, by, reason }) => [
    `${moment(at)}  ${constraint}  ${what}${by === undefined ? '' : ` by ${by}`}: ${reason}`,
  ])
  return { data: { changes }, text: table(rows) || '  nothing was ever set\n' }
}

function changeOf(fact: Fact): { constraint: string; what: string; by?: string; reason: string } | undefined {
  const named = (budget: string) => budget.slice(0, budget.indexOf('@'))
  switch (fact.type) {
    case 'constraint-set': {
      const { name, limit } = fact.constraint
      const what = `limit ${figure(fact.constraint, fromMicros(limit))}`
      return { constraint: name, what, by: fact.by, reason: fact.reason }
    }
    case 'constraint-retired':
      return { constraint: fact.name, what: 'retired', by: fact.by, reason: fact.reason }
    case 'breaker-tripped':
      return { constraint: named(fact.budget), what: 'tripped', reason: fact.reason }
    case 'breaker-rearmed':
      return { constraint: named(fact.budget), what: 're-armed', by: fact.by, reason: fact.reason }
    default:
      return undefined
  }
}
