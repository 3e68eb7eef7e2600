import { statSync } from 'node:fs'
import { AutomationError, type Clock } from '@org/core'
import { type SqliteStore, sqliteStore, sqliteStoreFiles } from '@org/store-sqlite'

/**
 * Opens the store that is there. Whoever looks after a bot must never make one by a mistyped path: a new store is a fresh, full budget.
 *
 * @throws {AutomationError} `STORE_MISSING`, or what `sqliteStore` throws.
 */
export async function openStore(path: string, clock: Clock): Promise<SqliteStore & AsyncDisposable> {
  requireStore(path)
  return sqliteStore({ path, clock })
}

/** @throws {AutomationError} `STORE_MISSING` */
export function requireStore(path: string): void {
  const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size
  if ((sizeOf(path) ?? 0) > 0) return
  const problem = sizeOf(path) === undefined ? 'there is no such file' : 'the file is empty'
  const left = sqliteStoreFiles(path).filter(file => file !== path && sizeOf(file) !== undefined)
  const advice =
    left.length === 0
      ? "name the bot's with --store FILE or AUTOMATE_STORE"
      : `${left[0]} shows that it was there: find out who moved it, or bring back a backup`
  throw new AutomationError({
    code: 'STORE_MISSING',
    message: `store ${path}: ${problem}, and none was made: ${advice}`,
    details: { path },
  })
}
