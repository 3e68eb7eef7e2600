import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { backup } from 'node:sqlite'
import { InvalidInputError } from '@org/core'
import { forgetMark } from './head-mark.ts'
import { openReader, syncFolder } from './open-database.ts'
import { fromSqlite } from './store-error.ts'
import { withLogs } from './store-files.ts'
import { type StoreReport, verifyFile } from './verify.ts'

/** More pages than any file has: the whole copy is one step and so one moment of the store, however busy its writers are. */
const allPages = 2_147_483_647

/**
 * Copies a store in use to `toFile`, which must not exist. The copy is one consistent moment, checked whole before it gets its name.
 *
 * @throws AutomationError `FILE_EXISTS`, `STORE_CORRUPT`, `STORE_UNAVAILABLE`; `toFile` is then absent.
 */
export async function backUpFile(path: string, toFile: string): Promise<StoreReport> {
  return intoNewFile(toFile, unfinished => copyWhole(path, unfinished))
}

/**
 * Makes a store at `to` from a backup, and leaves the backup as it is. End every process that uses `to` first, and move the file that
 * stands there away together with its `-wal` and `-shm`.
 *
 * @returns How many entries it holds and the digest of its history.
 * @throws AutomationError `STORE_CORRUPT` when the backup is damaged, `FILE_EXISTS` when something stands at `to`; nothing was changed.
 * @example
 * await restoreSqliteStore({ from: 'backups/monday.db', to: 'automation.db' })
 */
export async function restoreSqliteStore(files: { readonly from: string; readonly to: string }): Promise<StoreReport> {
  await verifyFile(files.from)
  return intoNewFile(files.to, unfinished => copyWhole(files.from, unfinished))
}

/** What SQLite reads there: a log (`-wal`) beside `from`, as in a copy made by hand, belongs to it. */
async function copyWhole(from: string, to: string): Promise<void> {
  const source = openReader(from)
  try {
    await backup(source, to, { rate: allPages })
  } finally {
    source.close()
  }
}

async function intoNewFile(file: string, write: (unfinished: string) => Promise<void>): Promise<StoreReport> {
  for (const taken of withLogs(file))
    if (existsSync(taken))
      throw new InvalidInputError({
        code: 'FILE_EXISTS',
        message: `${taken} exists and is not overwritten: move it away or choose another name`,
        details: { path: taken },
      })
  const unfinished = `${file}.unfinished`
  try {
    removeWithLogs(unfinished)
    await write(unfinished)
    const report = await verifyFile(unfinished)
    const handle = openSync(unfinished, 'r+')
    fsyncSync(handle)
    closeSync(handle)
    // Of what stood there before.
    forgetMark(file)
    renameSync(unfinished, file)
    syncFolder(file)
    return report
  } catch (error) {
    throw fromSqlite(error, file)
  } finally {
    removeWithLogs(unfinished)
  }
}

function removeWithLogs(file: string): void {
  for (const name of withLogs(file)) rmSync(name, { force: true })
}
