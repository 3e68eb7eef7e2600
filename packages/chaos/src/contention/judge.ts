import type { Fact } from '@org/core'
import { sqliteStore } from '@org/store-sqlite'
import type { ContenderReport } from './run-contenders.ts'

export interface Verdict {
  readonly promise: string
  readonly holds: boolean
  readonly figures: string
}

/** The slowest process gets at least this part of an equal share. */
const fairShare = 0.4
const limits: { readonly [budget: string]: number } = {
  'max_daily_loss@global': 500_000_000,
  'max_exposure@global': 1_000_000_000,
}

/** Checks from outside: the journal is added up anew, without the ledger that made the decisions. */
export async function judge(path: string, reports: readonly ContenderReport[]): Promise<Verdict[]> {
  const store = await sqliteStore({ path })
  try {
    const { entries } = await store.verify()
    const peaks = new Map<string, number>()
    const reserved = new Map<string, number>()
    const open = new Map<string, Extract<Fact, { type: 'intent-reserved' }>>()
    let lost = 0
    let ended = 0
    for await (const { fact } of store.journal()) {
      if (fact.type === 'intent-reserved') {
        open.set(fact.reservationId, fact)
        for (const { budget, amount } of fact.amounts) reserved.set(budget, (reserved.get(budget) ?? 0) + amount)
      }
      if (fact.type === 'intent-settled' || fact.type === 'intent-released') {
        for (const { budget, amount } of open.get(fact.reservationId)?.amounts ?? [])
          reserved.set(budget, (reserved.get(budget) ?? 0) - amount)
        ended += open.delete(fact.reservationId) ? 1 : 0
        if (fact.type === 'intent-settled') lost += fact.postings.find(({ measure }) => measure === 'loss')?.amount ?? 0
      }
      for (const budget of Object.keys(limits)) {
        const used = budget.startsWith('max_daily_loss') ? lost : 0
        peaks.set(budget, Math.max(peaks.get(budget) ?? 0, used + (reserved.get(budget) ?? 0)))
      }
    }
    const pairs = reports.map(report => report.pairs)
    const total = pairs.reduce((sum, count) => sum + count, 0)
    const slowest = Math.min(...pairs) / (total / pairs.length)
    return [
      ...Object.entries(limits).map(([budget, limit]) => ({
        promise: `${budget} never exceeded`,
        holds: (peaks.get(budget) ?? 0) <= limit,
        figures: `peak ${(peaks.get(budget) ?? 0) / 1e6} of ${limit / 1e6}`,
      })),
      {
        promise: 'the budget bound: somebody was refused',
        holds: reports.some(report => report.refused > 0) || reports.length === 1,
        figures: `${reports.reduce((sum, report) => sum + report.refused, 0)} refused`,
      },
      {
        promise: 'the journal holds each answered pair once',
        holds: ended === total && open.size === 0,
        figures: `${ended} of ${total} ended, ${open.size} open, ${entries} entries, chain proved`,
      },
      {
        promise: `the slowest process got at least ${fairShare * 100} % of an equal share`,
        holds: slowest >= fairShare,
        figures: `${(slowest * 100).toFixed(0)} %, ${total} pairs in all`,
      },
    ]
  } finally {
    await store.close()
  }
}
