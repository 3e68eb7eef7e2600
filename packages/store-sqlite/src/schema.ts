import type { DatabaseSync } from 'node:sqlite'
import { storeError } from './store-error.ts'

/** Marks a SQLite file as ours: "AutS" in ASCII. */
export const applicationId = 0x41757453

/**
 * One step each from version n to n + 1, never changed once released. The journal is append-only by trigger, so that a slip of ours or
 * of somebody's SQL shell is refused; that nobody went round the trigger is what the hash chain shows.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE journal (
     seq INTEGER PRIMARY KEY,
     at REAL NOT NULL,
     fact TEXT NOT NULL,
     hash TEXT NOT NULL
   ) STRICT;
   CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
   CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
   CREATE TABLE snapshot (
     seq INTEGER PRIMARY KEY,
     format TEXT NOT NULL,
     ledger TEXT NOT NULL,
     checksum TEXT NOT NULL
   ) STRICT;
   CREATE TABLE strategy_state (
     key TEXT PRIMARY KEY,
     value TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,
]

/**
 * Brings the file to the newest schema, or refuses it. All steps in one transaction: a crash in between leaves the old version.
 *
 * @param steps For tests; the package's own {@link migrations} by default.
 * @throws AutomationError `STORE_NEWER_SCHEMA`, `STORE_FOREIGN`.
 */
export function migrate(db: DatabaseSync, path: string, steps: readonly string[] = migrations): void {
  if (isCurrent(db, path, steps)) return
  db.exec('BEGIN IMMEDIATE')
  try {
    // Another process may have been faster while we waited for the lock.
    if (!isCurrent(db, path, steps)) {
      for (const step of steps.slice(readPragma(db, 'user_version'))) db.exec(step)
      db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${steps.length}`)
    }
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** For readers, which change nothing: is this a store in the schema of this version? */
export function requireCurrent(db: DatabaseSync, path: string): void {
  if (!isCurrent(db, path, migrations))
    throw storeError('STORE_FOREIGN', path, 'this is no store, or one of an older schema that was not opened since')
}

function isCurrent(db: DatabaseSync, path: string, steps: readonly string[]): boolean {
  const { version, owner, isEmpty } = inOneMoment(db, () => ({
    version: readPragma(db, 'user_version'),
    owner: readPragma(db, 'application_id'),
    isEmpty: db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'] === 0,
  }))
  if (owner !== applicationId && !(isEmpty && owner === 0 && version === 0))
    throw storeError('STORE_FOREIGN', path, 'this SQLite file belongs to another program: choose another path')
  if (version > steps.length)
    throw storeError(
      'STORE_NEWER_SCHEMA',
      path,
      `written by a newer version (schema ${version}, this one knows ${steps.length}): update @org/store-sqlite`,
    )
  return version === steps.length
}

/** What is read one after the other may be from before and after another process made the store. */
function inOneMoment<T>(db: DatabaseSync, read: () => T): T {
  if (db.isTransaction) return read()
  db.exec('BEGIN')
  try {
    return read()
  } finally {
    db.exec('COMMIT')
  }
}

function readPragma(db: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
}
