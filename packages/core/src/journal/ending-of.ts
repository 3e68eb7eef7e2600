import type { JournalEntry } from './journal-entry.ts'

/** How the reservation `id` ended; `undefined` where `entries` do not say. Reads all of them. */
export async function endingOf(
  entries: AsyncIterable<JournalEntry>,
  id: string,
): Promise<'settled' | 'released' | undefined> {
  let ending: 'settled' | 'released' | undefined
  for await (const { fact } of entries)
    if (fact.type === 'intent-settled' && fact.reservationId === id) ending = 'settled'
    else if (fact.type === 'intent-released' && fact.reservationId === id) ending = 'released'
  return ending
}
