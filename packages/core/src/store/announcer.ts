import type { JournalEntry } from '../journal/journal-entry.ts'

/** Tells listeners of entries, in order, whatever the listeners do. */
export interface Announcer {
  announce(entries: readonly JournalEntry[]): void
  /** Somebody listens. */
  readonly isHeard: boolean
  subscribe(listener: (entry: JournalEntry) => void): () => void
}

export function announcer(): Announcer {
  const listeners = new Set<(entry: JournalEntry) => void>()
  const waiting: JournalEntry[] = []
  let isTelling = false

  return {
    get isHeard() {
      return listeners.size > 0
    },
    announce(entries) {
      if (listeners.size === 0) return
      waiting.push(...entries)
      // A listener that commits itself is heard after this entry has reached everybody.
      if (isTelling) return
      isTelling = true
      for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift())
        for (const listener of listeners) {
          try {
            listener(entry)
          } catch {
            // The entry is written, whatever a listener makes of it: its error is not the committer's.
          }
        }
      isTelling = false
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
