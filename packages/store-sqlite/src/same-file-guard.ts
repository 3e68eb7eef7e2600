import { statSync } from 'node:fs'
import { storeError } from './store-error.ts'

/**
 * Notices that the file at `path` is not the one that was opened: somebody moved it or restored a backup while this process ran. SQLite
 * would go on writing to the old one, which nobody else sees any more, and the budget would be spent twice.
 *
 * @returns A check that throws `STORE_UNAVAILABLE`; it costs some 2 µs.
 */
export function sameFileGuard(path: string): () => void {
  const opened = statSync(path)
  return () => {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found !== undefined && found.ino === opened.ino && found.dev === opened.dev) return
    throw storeError(
      'STORE_UNAVAILABLE',
      path,
      'the file was moved or replaced under a running process; nothing was written: restart it',
    )
  }
}
