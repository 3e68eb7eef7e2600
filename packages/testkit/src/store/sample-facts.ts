import type { Decision, Fact, JournalEntry, Micros, Store } from '@org/core'

/** Some time; checks count on from here. */
export const startMs = Date.UTC(2026, 0, 1)

/** A small fact that tells itself from others by its note. */
export function noteFact(note: string, loss = 0): Fact {
  return {
    type: 'result-recorded',
    domain: 'testing',
    strategyId: 'conformance',
    venueId: 'nowhere',
    postings: [{ measure: 'loss', amount: loss as Micros }],
    note,
  }
}

/** A fact after which the ledger says `reason` for `scope`. */
export function haltFact(scope: string, reason: string): Fact {
  return { type: 'state-changed', scope, state: 'halted', reason, by: 'conformance' }
}

export function decision<T>(facts: readonly Fact[], result: T, at = startMs): Decision<T> {
  return { facts, at, result }
}

export function writeNotes(store: Store, notes: readonly string[], at = startMs): Promise<void> {
  return store.commit(() =>
    decision(
      notes.map(note => noteFact(note)),
      undefined,
      at,
    ),
  )
}

export async function entriesOf(store: Store, afterSeq = 0): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = []
  for await (const entry of store.journal({ afterSeq })) entries.push(entry)
  return entries
}

export async function notesOf(store: Store, afterSeq = 0): Promise<string[]> {
  return (await entriesOf(store, afterSeq)).map(({ fact }) => (fact.type === 'result-recorded' ? fact.note : fact.type))
}
