import type { Json } from '../intent/json.ts'
import type { Fact } from '../journal/fact.ts'
import type { JournalEntry } from '../journal/journal-entry.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'

/** What a decision over the ledger comes to: facts to be written down, and an answer for the caller. */
export interface Decision<T> {
  readonly facts: readonly Fact[]
  /** When, milliseconds since the epoch; the store writes what `entryTime` makes of it, so that time runs backwards where a fact says so alone. */
  readonly at: number
  readonly result: T
  /** Values to be saved under keys in the same step: a memory and the facts that belong to it never part. */
  readonly states?: ReadonlyMap<string, Json>
}

/**
 * Where the truth is kept. A store persists facts and knows no rule: what a fact means is the ledger's business.
 *
 * Every implementation passes the same conformance suite. One process or many may share what lies behind it.
 */
export interface Store {
  /**
   * Runs `decide` on the newest state and writes its facts, in one atomic step that is durable when the promise resolves.
   * `decide` is pure and synchronous; it may be run again on a newer state when another process was faster.
   *
   * @throws AutomationError `STORE_UNAVAILABLE` (`effect: 'none'`) when durability cannot be had; nothing was written.
   */
  commit<T>(decide: (state: LedgerState) => Decision<T>): Promise<T>
  /** The newest state this process knows; for looking, never for deciding. */
  read(): LedgerState
  /** Entries after `afterSeq` in order, oldest first, as far back as the store keeps them. */
  journal(options?: { readonly afterSeq?: number }): AsyncIterable<JournalEntry>
  /** The hash of the newest entry: equal digests mean equal histories. */
  digest(): string
  /** A value saved under a key, or `undefined`. */
  loadState(key: string): Promise<Json | undefined>
  saveState(key: string, value: Json): Promise<void>
  /** Called with each entry after it became durable. Returns the way to stop. */
  subscribe(listener: (entry: JournalEntry) => void): () => void
  close(): Promise<void>
}
