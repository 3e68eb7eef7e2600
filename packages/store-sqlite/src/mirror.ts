import type { DatabaseSync } from 'node:sqlite'
import {
  emptyLedger,
  entryTime,
  evolve,
  type Fact,
  InvalidInputError,
  type JournalEntry,
  type LedgerState,
  sealEntry,
} from '@org/core'
import { beginning, type Head, type JournalTable, pageEntries, type SealedEntry } from './journal-table.ts'
import { readSnapshot } from './snapshot-table.ts'
import { storeError } from './store-error.ts'

/**
 * The ledger in memory, as the journal in the file says. It may run ahead of the file only within a write transaction; when that fails,
 * {@link Mirror.load} brings it back.
 */
export class Mirror {
  readonly #db: DatabaseSync
  readonly #journal: JournalTable
  readonly #path: string
  #state: LedgerState = emptyLedger()
  #head: Head = beginning
  #isTrusted = false

  constructor(db: DatabaseSync, journal: JournalTable, path: string) {
    this.#db = db
    this.#journal = journal
    this.#path = path
  }

  /** @throws AutomationError `STORE_UNAVAILABLE` while it is not known whether this agrees with the file. */
  get state(): LedgerState {
    if (!this.#isTrusted)
      throw storeError('STORE_UNAVAILABLE', this.#path, 'the last write failed and the file could not be read since', {
        retryable: true,
      })
    return this.#state
  }

  get head(): Head {
    return this.#head
  }

  get isTrusted(): boolean {
    return this.#isTrusted
  }

  /** Rebuilds everything from the file: newest snapshot, then the entries after it. */
  load(): void {
    this.#isTrusted = false
    const snapshot = readSnapshot(this.#db, this.#journal, this.#path)
    this.#state = snapshot?.state ?? emptyLedger()
    this.#head = snapshot?.head ?? beginning
    this.catchUp()
  }

  /** Takes in what was written after our head; calls `onEntry` with each entry. */
  catchUp(onEntry: (entry: JournalEntry) => void = () => {}): void {
    // An entry that does not fit may be half applied.
    this.#isTrusted = false
    const ours = this.#journal.headAt(this.#head.seq)
    if (ours?.hash !== this.#head.hash)
      throw storeError('STORE_CORRUPT', this.#path, 'history was replaced under a running process: restart it')
    for (;;) {
      const page = this.#journal.provedPageAfter(this.#head)
      for (const entry of page) {
        evolve(this.#state, entry.fact, entry.at)
        this.#head = entry
        onEntry(entry)
      }
      if (page.length < pageEntries) break
    }
    this.#isTrusted = true
  }

  /**
   * Applies the facts of one decision, all or none.
   *
   * @returns The entries to be written.
   */
  append(facts: readonly Fact[], at: number): SealedEntry[] {
    if (facts.length === 0) return []
    if (!Number.isFinite(at))
      throw new InvalidInputError({
        code: 'INVALID_TIME',
        message: `expected a time in milliseconds, was ${String(at)}`,
      })
    const sealed: SealedEntry[] = []
    let head = this.#head
    for (const fact of facts) {
      const next = sealEntry(head, fact, entryTime(head.at, fact, at))
      sealed.push(next)
      head = next.entry
    }
    try {
      for (const { entry } of sealed) evolve(this.#state, entry.fact, entry.at)
    } catch (error) {
      // Part of the decision may be in the state already. What the group has written so far is in the file's open transaction.
      this.load()
      throw error
    }
    this.#head = head
    return sealed
  }
}
