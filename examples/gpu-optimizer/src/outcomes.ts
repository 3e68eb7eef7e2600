import type { Store } from '@org/core'

/** What became of the intents of a whole run, restarts included: `reprice: done` → how often. */
export type Outcomes = Readonly<Record<string, number>>

/** Counts the journal's endings: done, refused (with the code), failed, in doubt. */
export async function countOutcomes(store: Store): Promise<Outcomes> {
  const counts: Record<string, number> = {}
  const kindOf = new Map<string, string>()
  const count = (kind: string, outcome: string) => {
    const key = `${kind}: ${outcome}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  for await (const { fact } of store.journal()) {
    if (fact.type === 'intent-reserved') kindOf.set(fact.reservationId, wordOf(fact.intent.rationale.reason))
    else if (fact.type === 'intent-rejected') count(wordOf(fact.intent.rationale.reason), `refused (${fact.code})`)
    else if (fact.type === 'intent-settled' || fact.type === 'intent-released') {
      const kind = kindOf.get(fact.reservationId)
      if (kind !== undefined) count(kind, fact.type === 'intent-settled' ? 'done' : 'not done')
      kindOf.delete(fact.reservationId)
    }
  }
  for (const kind of kindOf.values()) count(kind, 'in doubt')
  return counts
}

/** Reasons read `reprice:to-target`. */
function wordOf(reason: string): string {
  return reason.split(':', 1)[0] ?? reason
}
