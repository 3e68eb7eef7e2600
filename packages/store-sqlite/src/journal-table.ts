import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { chainHash, entryTime, type Fact, genesisHash, type JournalEntry } from '@org/core'
import { corruptError } from './store-error.ts'

/** Where history ends. */
export interface Head {
  readonly seq: number
  readonly hash: string
  readonly at: number
}

export const beginning: Head = { seq: 0, hash: genesisHash, at: 0 }

/** A journal entry with the text that is stored of its fact. */
export interface SealedEntry {
  readonly entry: JournalEntry
  readonly factText: string
}

type Row = readonly [seq: number, at: number, fact: string, hash: string]

/** How many entries are read at a time; fewer come at the end of history alone. */
export const pageEntries = 1_000

/** The append-only table of facts. */
export class JournalTable {
  readonly #path: string
  readonly #insert: StatementSync
  readonly #page: StatementSync
  readonly #last: StatementSync
  readonly #hashAt: StatementSync

  constructor(db: DatabaseSync, path: string) {
    this.#path = path
    this.#insert = db.prepare('INSERT INTO journal (seq, at, fact, hash) VALUES (?, ?, ?, ?)')
    this.#page = db.prepare('SELECT seq, at, fact, hash FROM journal WHERE seq > ? ORDER BY seq LIMIT ?')
    // Lists are cheaper to make than objects, and a replay makes one for each row.
    this.#page.setReturnArrays(true)
    this.#last = db.prepare('SELECT seq, at, hash FROM journal ORDER BY seq DESC LIMIT 1')
    this.#hashAt = db.prepare('SELECT at, hash FROM journal WHERE seq = ?')
  }

  append({ entry, factText }: SealedEntry): void {
    this.#insert.run(entry.seq, entry.at, factText, entry.hash)
  }

  /** The entry `seq` as a place in history. */
  headAt(seq: number): Head | undefined {
    if (seq === 0) return beginning
    const row = this.#hashAt.get(seq)
    return row === undefined ? undefined : { seq, at: Number(row['at']), hash: String(row['hash']) }
  }

  last(): Head {
    const row = this.#last.get()
    return row === undefined ? beginning : { seq: Number(row['seq']), at: Number(row['at']), hash: String(row['hash']) }
  }

  /** Up to a thousand entries after `seq`, as they stand there. */
  pageAfter(seq: number): JournalEntry[] {
    return this.#rows(seq).map(([seq, at, fact, hash]) => ({ seq, at, fact: this.#parse(seq, fact), hash }))
  }

  /**
   * Up to a thousand entries after `head`, each proved to follow from the one before.
   *
   * @throws AutomationError `STORE_CORRUPT` naming the first entry that does not.
   */
  provedPageAfter(head: Head): JournalEntry[] {
    const entries: JournalEntry[] = []
    let previous = head
    for (const [seq, at, text, hash] of this.#rows(head.seq)) {
      if (seq !== previous.seq + 1) throw corruptError(this.#path, `journal entry ${previous.seq + 1} is missing`)
      const isChained = hash === chainHash(previous.hash, seq, at, text)
      const fact = isChained ? this.#parse(seq, text) : undefined
      if (fact === undefined || at !== entryTime(previous.at, fact, at))
        throw corruptError(this.#path, `journal entry ${seq} was changed: it does not follow from the one before`)
      const entry = { seq, at, fact, hash }
      entries.push(entry)
      previous = entry
    }
    return entries
  }

  #rows(afterSeq: number): Row[] {
    // With `setReturnArrays` on, which the types of `all` do not know of.
    return this.#page.all(afterSeq, pageEntries) as unknown[] as Row[]
  }

  #parse(seq: number, fact: string): Fact {
    try {
      return JSON.parse(fact) as Fact
    } catch (cause) {
      throw corruptError(this.#path, `journal entry ${seq} is no JSON`, cause)
    }
  }
}
