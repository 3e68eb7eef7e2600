import { entryHash, entryTime, genesisHash, type JournalEntry } from './journal-entry.ts'

/** The first entry that does not follow from the one before it, and why; `undefined` where the whole chain holds. */
export interface ChainBreak {
  readonly seq: number
  readonly problem: string
}

/**
 * Recomputes the hash chain over `entries`, from the first entry of all or from those after `after`.
 *
 * @example
 * const broken = await verifyChain(store.journal())
 * if (broken !== undefined) console.error(`journal entry ${broken.seq}: ${broken.problem}`)
 */
export async function verifyChain(
  entries: AsyncIterable<JournalEntry>,
  after: { readonly seq: number; readonly hash: string; readonly at: number } = { seq: 0, hash: genesisHash, at: 0 },
): Promise<ChainBreak | undefined> {
  let previous = after
  for await (const entry of entries) {
    const { seq, at, fact, hash } = entry
    if (seq !== previous.seq + 1) return { seq: previous.seq + 1, problem: `is missing, ${seq} follows` }
    if (at !== entryTime(previous.at, fact, at)) return { seq, problem: 'is earlier than the one before' }
    if (hash !== entryHash(previous.hash, seq, at, fact)) return { seq, problem: 'was changed' }
    previous = entry
  }
  return undefined
}
