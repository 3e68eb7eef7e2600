import { markOf } from './head-mark.ts'
import { turnstileOf } from './open-database.ts'

/**
 * Every file that a store at `path` may leave behind, present or not: the database, its log, who writes next, how far history was answered.
 * To remove a store that nobody has open, remove all of them.
 *
 * @example
 * for (const file of sqliteStoreFiles('./test.db')) rmSync(file, { force: true })
 */
export function sqliteStoreFiles(path: string): readonly string[] {
  return [...withLogs(path), ...withLogs(turnstileOf(path)), markOf(path)]
}

/** A database and what SQLite keeps beside it. */
export function withLogs(path: string): readonly string[] {
  return ['', '-wal', '-shm'].map(end => path + end)
}
