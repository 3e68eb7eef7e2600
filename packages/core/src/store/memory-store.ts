import { AutomationError, InvalidInputError } from '../errors/automation-error.ts'
import type { Json } from '../intent/json.ts'
import type { Fact } from '../journal/fact.ts'
import { entryTime, genesisHash, type JournalEntry, sealEntry } from '../journal/journal-entry.ts'
import { emptyLedger, evolve } from '../ledger/evolve.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'
import { announcer } from './announcer.ts'
import type { Decision, Store } from './store.ts'

/** An entry as it is kept: as the text that was hashed, so that nobody who still holds the fact can change history. */
interface KeptEntry {
  readonly seq: number
  readonly at: number
  readonly hash: string
  readonly factText: string
}

interface JournalHead {
  readonly seq: number
  readonly hash: string
  readonly at: number
}

/**
 * A store that forgets everything when the process ends: for tests, simulations and first steps.
 *
 * @param options `journalEntriesMax`: how many of the newest entries are kept for reading; the digest covers all. Default 10,000.
 *   0 keeps no journal and seals none: budgets alone, some six times as fast; `digest` stays that of the beginning.
 */
export function memoryStore(options: { readonly journalEntriesMax?: number } = {}): Store {
  const entriesMax = options.journalEntriesMax ?? 10_000
  const state: LedgerState = emptyLedger()
  const values = new Map<string, string>()
  const listeners = announcer()
  let kept: KeptEntry[] = []
  let head: JournalHead = { seq: 0, hash: genesisHash, at: 0 }
  let closed = false

  const ensureOpen = () => {
    if (closed)
      throw new AutomationError({ code: 'STORE_UNAVAILABLE', message: 'the store is closed; nothing was written' })
  }

  /** Without a journal there is no text to keep and nothing to chain. */
  const applyUnsealed = (facts: readonly Fact[], decidedAt: number): JournalHead => {
    let { seq, at } = head
    for (const fact of facts) {
      at = entryTime(at, fact, decidedAt)
      evolve(state, fact, at)
      seq++
      if (listeners.isHeard) listeners.announce([{ seq, at, fact, hash: genesisHash }])
    }
    return { seq, hash: genesisHash, at }
  }

  return {
    async commit<T>(decide: (state: LedgerState) => Decision<T>): Promise<T> {
      ensureOpen()
      const { facts, at, result, states } = decide(state)
      if (!Number.isFinite(at))
        throw new InvalidInputError({
          code: 'INVALID_TIME',
          message: `expected milliseconds since the epoch, was ${String(at)}`,
        })
      // Everything becomes text before anything changes: what has none leaves no half of its decision behind.
      const stateTexts = states === undefined ? [] : textsOf(states)
      if (entriesMax === 0) {
        head = applyUnsealed(facts, at)
        for (const [key, text] of stateTexts) values.set(key, text)
        return result
      }
      const sealed: ReturnType<typeof sealEntry>[] = []
      let last = head
      for (const fact of facts) {
        const next = sealEntry(last, fact, entryTime(last.at, fact, at))
        sealed.push(next)
        last = next.entry
      }
      for (const { entry, factText } of sealed) {
        evolve(state, entry.fact, entry.at)
        kept.push({ seq: entry.seq, at: entry.at, hash: entry.hash, factText })
      }
      head = last
      for (const [key, text] of stateTexts) values.set(key, text)
      // Trimmed in blocks, so that the cost stays constant per entry.
      if (kept.length > entriesMax * 2) kept = kept.slice(-entriesMax)
      listeners.announce(sealed.map(({ entry }) => entry))
      return result
    },
    read: () => state,
    async *journal(range = {}) {
      const afterSeq = range.afterSeq ?? 0
      for (const { factText, ...entry } of kept.slice())
        if (entry.seq > afterSeq) yield { ...entry, fact: JSON.parse(factText) as Fact } satisfies JournalEntry
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
    subscribe: listeners.subscribe,
    async close() {
      closed = true
    },
  }
}

function textsOf(states: ReadonlyMap<string, Json>): (readonly [string, string])[] {
  return [...states].map(([key, value]) => [key, JSON.stringify(value)])
}
