import { closeSync, existsSync, fsyncSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type AutomationError, systemClock } from '@org/core'
import { hasMark, markOf, readMark } from './head-mark.ts'
import { migrate } from './schema.ts'
import { corruptError, fromSqlite, isBusy, storeError } from './store-error.ts'

/** Up to here the pages of the whole file are checked at start (some 50 ms); a larger one by `verify()`. */
const pageCheckBytesMax = 16 * 1024 * 1024

/** The file of the write-ahead log is cut back to this size once its content has reached the database. */
export const walBytesKept = 32 * 1024 * 1024

/** What a commit that was answered outlives: any crash, or the end of processes alone. */
export type Survives = 'power-loss' | 'process-kill'

/**
 * Opens `path` for writing, creating it where absent, and brings its schema up to date. Waits for other processes
 * at most `lockWaitMsMax` of real time.
 *
 * @throws AutomationError with a `StoreErrorCode`; nothing was changed.
 */
export async function openDatabase(
  path: string,
  lockWaitMsMax: number,
  fileBytesMax?: number,
  survives: Survives = 'power-loss',
): Promise<DatabaseSync> {
  // Looked at first: where the mark was there before, so was the file, and another process does not come between.
  const wasAnswered = hasMark(path)
  const isNew = !existsSync(path)
  // Root may write to a file without write permission; who took the permission away meant it all the same.
  if (!isNew && (statSync(path).mode & 0o222) === 0)
    throw storeError('STORE_UNAVAILABLE', path, 'it is write-protected; nothing was written: make it writable')
  // The turnstile shows that there was a store: an empty file in its place would be a fresh, full budget.
  if (!isNew && statSync(path).size === 0 && existsSync(turnstileOf(path)))
    throw corruptError(path, 'the file is empty, though a store was in it')
  // SQLite would drop the log of a missing file, and with it what was answered.
  if (isNew && (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
    throw corruptError(path, 'the file is missing, though its log (-wal) is here')
  if (isNew && wasAnswered) throw lostError(path)
  const deadlineMs = systemClock.now() + lockWaitMsMax
  for (;;) {
    let db: DatabaseSync | undefined
    try {
      db = new DatabaseSync(path, { enableForeignKeyConstraints: false })
      configure(db, fileBytesMax, survives)
      migrate(db, path)
      if (!isNew) checkPages(db, path)
      if (isNew) syncFolder(path)
      return db
    } catch (error) {
      if (db?.isOpen) db.close()
      // Switching to WAL and recovery after a crash answer "busy" at once, whatever the busy timeout says.
      if (!isBusy(error) || systemClock.now() >= deadlineMs) throw fromSqlite(error, path)
      await systemClock.sleep(5)
    }
  }
}

/** In place of a file that is gone a new one would be a fresh, full budget. */
function lostError(path: string): AutomationError {
  const seq = readMark(path)?.seq
  const held = seq === undefined ? 'there was a store' : `it held ${seq} journal entries`
  return storeError(
    'STORE_CORRUPT',
    path,
    `the file is missing, though ${markOf(path)} shows that ${held}: put it back, or bring back a backup with restoreSqliteStore({ from, to }); to begin anew with a fresh budget, remove all of sqliteStoreFiles(path)`,
  )
}

/** The file beside the store that hands out the turn to write. */
export function turnstileOf(path: string): string {
  return `${path}-turn`
}

/** A second connection that can only read, for long reads beside the writer. */
export function openReader(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
  } catch (error) {
    throw fromSqlite(error, path)
  }
}

function configure(db: DatabaseSync, fileBytesMax: number | undefined, survives: Survives): void {
  db.exec(`
    PRAGMA busy_timeout = 0;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = ${survives === 'power-loss' ? 'FULL' : 'NORMAL'};
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA journal_size_limit = ${walBytesKept};
    PRAGMA cache_size = -16000;
    PRAGMA trusted_schema = OFF;
  `)
  if (fileBytesMax !== undefined) {
    const pageBytes = Number(db.prepare('PRAGMA page_size').get()?.['page_size'])
    db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(fileBytesMax / pageBytes))}`)
  }
}

function checkPages(db: DatabaseSync, path: string): void {
  if (statSync(path).size > pageCheckBytesMax) return
  const answer = db.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
  if (answer !== 'ok') throw corruptError(path, `the file is damaged (${String(answer)})`)
}

/** A new file's name is durable only when its folder is. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
