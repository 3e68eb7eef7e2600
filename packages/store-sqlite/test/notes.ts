import type { Fact, Store } from '@org/core'

/** Writes `count` small facts in one commit. */
export function writeNotes(store: Store, count: number): Promise<void> {
  const facts = Array.from({ length: count }, (_, i) => noteFact(`note ${i}`))
  return store.commit(() => ({ facts, at: 1_000, result: undefined }))
}

export function noteFact(note: string): Fact {
  return {
    type: 'result-recorded',
    domain: 'testing',
    strategyId: 's',
    venueId: 'v',
    postings: [],
    note,
  }
}
