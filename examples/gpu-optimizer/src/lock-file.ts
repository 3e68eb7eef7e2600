import { DatabaseSync } from 'node:sqlite'
import { AutomationError } from '@org/core'

/** How long a process that is just ending is waited for. */
const waitMs = 3000

/**
 * A lock that the operating system frees when the process ends, however it ends.
 *
 * @param inUse The error for whoever comes second.
 * @throws {AutomationError} `inUse.code` while another process holds it.
 * @example
 * using lock = lockFile('.automate/live-lock.db', { code: 'FOLDER_IN_USE', message: '...' })
 */
export function lockFile(
  path: string,
  inUse: { readonly code: string; readonly message: string },
): DatabaseSync & Disposable {
  const lock = new DatabaseSync(path)
  try {
    lock.exec(`PRAGMA busy_timeout = ${waitMs}; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE`)
    return lock
  } catch (cause) {
    lock.close()
    throw new AutomationError({ ...inUse, cause })
  }
}
