import { AutomationError, describeError, type ErrorEffect } from '@org/core'

/** Why a file cannot be used as a store. Stable; `details.path` names the file. */
export type StoreErrorCode =
  /** For now: another process holds it, the disk is full, it is write-protected or gone. */
  | 'STORE_UNAVAILABLE'
  /** What is in it is damaged or was edited: restore a backup. */
  | 'STORE_CORRUPT'
  /** It belongs to another program. */
  | 'STORE_FOREIGN'
  /** A newer version of this package wrote it. */
  | 'STORE_NEWER_SCHEMA'

export function storeError(
  code: StoreErrorCode,
  path: string,
  problem: string,
  options: { readonly effect?: ErrorEffect; readonly retryable?: boolean; readonly cause?: unknown } = {},
): AutomationError {
  return new AutomationError({ code, message: `store ${path}: ${problem}`, details: { path }, ...options })
}

/** The file is damaged. One line that says how to go on. */
export function corruptError(path: string, problem: string, cause?: unknown): AutomationError {
  return storeError(
    'STORE_CORRUPT',
    path,
    `${problem}; nothing is done with it: move it and its -wal and -shm away and bring back a backup with restoreSqliteStore({ from, to })`,
    { cause },
  )
}

/** SQLite's primary result code of an error of `node:sqlite`, or `undefined` for other errors. */
export function sqliteCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode
  // The upper bits tell variants of one cause apart.
  return typeof code === 'number' ? code & 0xff : undefined
}

const sqlite = { busy: 5, locked: 6, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 }

export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === sqlite.busy || code === sqlite.locked
}

/**
 * What `node:sqlite` threw, as one of our errors.
 *
 * @param duringCommit A failed sync of a commit leaves open whether a crash right now would bring the write back: then `unknown`.
 */
export function fromSqlite(error: unknown, path: string, duringCommit = false): AutomationError {
  if (AutomationError.isInstance(error)) return error
  const unavailable = (problem: string, effect: ErrorEffect = 'none', retryable = true) =>
    storeError('STORE_UNAVAILABLE', path, problem, { effect, retryable, cause: error })
  switch (sqliteCode(error)) {
    case sqlite.busy:
    case sqlite.locked:
      return unavailable('another process holds it; nothing was written')
    case sqlite.readOnly:
      return unavailable('it is write-protected; nothing was written: make it and its folder writable', 'none', false)
    case sqlite.full:
      return unavailable('the disk (or the permitted file size) is full; nothing was written: make room')
    case sqlite.ioError:
      return duringCommit
        ? unavailable(
            'the disk failed while writing; it is open whether that survives a crash: check the disk',
            'unknown',
          )
        : unavailable('the disk failed; nothing was written: check the disk and free space')
    case sqlite.cannotOpen:
      return unavailable('it cannot be opened: is the folder there and writable?', 'none', false)
    case sqlite.corrupt:
      return corruptError(path, 'the file is damaged', error)
    case sqlite.notADatabase:
      return corruptError(path, 'this is no SQLite file, or its beginning is damaged', error)
    default:
      return unavailable(`${describeError(error)}; nothing was written`, duringCommit ? 'unknown' : 'none', false)
  }
}
