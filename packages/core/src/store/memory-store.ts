import { AutomationError } from '../errors/automation-error.ts'
import type { Json } from '../intent/json.ts'
import { genesisHash, type JournalEntry, nextEntry } from '../journal/journal-entry.ts'
import { emptyLedger, evolve } from '../ledger/evolve.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'
import type { Decision, Store } from './store.ts'

/**
 * A store that forgets everything when the process ends: for tests, simulations and first steps.
 *
 * @param options `journalEntriesMax`: how many of the newest entries are kept for reading; the digest covers all. Default 10,000.
 */
export function memoryStore(options: { readonly journalEntriesMax?: number } = {}): Store {
  const entriesMax = options.journalEntriesMax ?? 10_000
  const state: LedgerState = emptyLedger()
  const values = new Map<string, string>()
  const listeners = new Set<(entry: JournalEntry) => void>()
  let entries: JournalEntry[] = []
  let head: { readonly seq: number; readonly hash: string; readonly at: number } = { seq: 0, hash: genesisHash, at: 0 }
  let closed = false

  const ensureOpen = () => {
    if (closed)
      throw new AutomationError({ code: 'STORE_UNAVAILABLE', message: 'the store is closed; nothing was written' })
  }

  return {
    async commit<T>(decide: (state: LedgerState) => Decision<T>): Promise<T> {
      ensureOpen()
      const { facts, at, result } = decide(state)
      for (const fact of facts) {
        const entry = nextEntry(head, fact, Math.max(at, head.at))
        evolve(state, fact, entry.at)
        head = entry
        entries.push(entry)
        for (const listener of listeners) listener(entry)
      }
      // Trimmed in blocks, so that the cost stays constant per entry.
      if (entries.length > entriesMax * 2) entries = entries.slice(-entriesMax)
      return result
    },
    read: () => state,
    async *journal(range = {}) {
      const afterSeq = range.afterSeq ?? 0
      for (const entry of entries.slice()) if (entry.seq > afterSeq) yield entry
    },
    digest: () => head.hash,
    async loadState(key) {
      const text = values.get(key)
      return text === undefined ? undefined : (JSON.parse(text) as Json)
    },
    async saveState(key, value) {
      ensureOpen()
      values.set(key, JSON.stringify(value))
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      closed = true
    },
  }
}
