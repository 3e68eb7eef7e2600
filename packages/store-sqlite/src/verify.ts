import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { readMark, requireMarked } from './head-mark.ts'
import { beginning, type Head, JournalTable } from './journal-table.ts'
import { openReader } from './open-database.ts'
import { requireCurrent } from './schema.ts'
import { readSnapshot } from './snapshot-table.ts'
import { corruptError, fromSqlite, storeError } from './store-error.ts'

/** What a check of the whole file found: nothing wrong, and how much of it. */
export interface StoreReport {
  readonly entries: number
  /** The hash of the newest entry. */
  readonly digest: string
}

/**
 * Reads the whole file: every page, every link of the hash chain from the first entry on, the newest snapshot. Works beside running
 * writers and gives other work its turn after each thousand entries.
 *
 * @throws AutomationError `STORE_CORRUPT` naming the first thing that is wrong.
 */
export async function verifyFile(path: string): Promise<StoreReport> {
  if (statSync(path, { throwIfNoEntry: false }) === undefined)
    throw storeError('STORE_UNAVAILABLE', path, 'there is no such file')
  const answered = readMark(path)
  const db = openReader(path)
  try {
    // One transaction, so that writers beside us cannot move what is read.
    db.exec('BEGIN')
    requireCurrent(db, path)
    checkPages(db, path)
    const journal = new JournalTable(db, path)
    let head: Head = beginning
    for (;;) {
      const page = journal.provedPageAfter(head)
      const last = page.at(-1)
      if (last === undefined) break
      head = last
      await new Promise(resolve => setImmediate(resolve))
    }
    readSnapshot(db, journal, path)
    requireMarked(answered, journal, path)
    return { entries: head.seq, digest: head.hash }
  } catch (error) {
    throw fromSqlite(error, path)
  } finally {
    db.close()
  }
}

function checkPages(db: DatabaseSync, path: string): void {
  const answer = db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']
  if (answer !== 'ok') throw corruptError(path, `the file is damaged (${String(answer)})`)
}
