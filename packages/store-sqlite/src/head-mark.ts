import { hash as digestOf } from 'node:crypto'
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import type { Head, JournalTable } from './journal-table.ts'
import { corruptError } from './store-error.ts'

/**
 * How far history was answered, in a file of its own beside the store.
 *
 * SQLite reads a log (`-wal`) up to the first thing that is wrong with it and goes on without the rest, and without the log as if there had
 * been none: commits that were answered would be gone and what they spent would be free again. The mark shows that they were there. It is
 * written after the commit and not synced: it never says more than what is on the disk, and after a power cut it may say less.
 */
export class HeadMark {
  readonly #file: number
  #seq = 0

  constructor(path: string) {
    // Created where absent, and not emptied where present.
    closeSync(openSync(markOf(path), 'a'))
    this.#file = openSync(markOf(path), 'r+')
  }

  /** Costs some 2 µs. It may fail: then an older mark stands, which says less. */
  note({ seq, hash }: Head): void {
    if (seq === this.#seq) return
    this.#seq = seq
    try {
      writeSync(this.#file, textOf(seq, hash), 0)
    } catch {
      // Next time.
    }
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** The mark beside `path`; `undefined` without one, or with one that was written half. Read it before the journal: writers go on. */
export function readMark(path: string): Pick<Head, 'seq' | 'hash'> | undefined {
  let text: string
  try {
    text = readFileSync(markOf(path), 'utf8')
  } catch {
    return undefined
  }
  const [seq = '', hash = ''] = text.trim().split(' ')
  return text === textOf(Number(seq), hash) ? { seq: Number(seq), hash } : undefined
}

/** Was anything ever answered at `path`? Also where the mark itself was written half. */
export function hasMark(path: string): boolean {
  return (statSync(markOf(path), { throwIfNoEntry: false })?.size ?? 0) > 0
}

/** @throws AutomationError `STORE_CORRUPT` where the journal does not hold what was answered. */
export function requireMarked(mark: ReturnType<typeof readMark>, journal: JournalTable, path: string): void {
  if (mark === undefined) return
  const found = journal.headAt(mark.seq)
  if (found?.hash === mark.hash) return
  throw corruptError(
    path,
    found === undefined
      ? `journal entry ${mark.seq} was answered and is gone, the journal ends at ${journal.last().seq}: its log (-wal) was lost or cut`
      : `journal entry ${mark.seq} is not the one that was answered`,
  )
}

/** Where another history begins at `path`. */
export function forgetMark(path: string): void {
  rmSync(markOf(path), { force: true })
}

export function markOf(path: string): string {
  return `${path}-head`
}

/** Always of the same length, so that each overwrites the one before. */
function textOf(seq: number, hash: string): string {
  const text = `${String(seq).padStart(16, '0')} ${hash}`
  return `${text} ${digestOf('sha256', text).slice(0, 16)}\n`
}
