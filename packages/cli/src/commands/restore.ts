import { existsSync, renameSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { AutomationError, InvalidInputError } from '@org/core'
import { restoreSqliteStore, sqliteStoreFiles } from '@org/store-sqlite'
import type { Answer } from '../answer.ts'
import { requireStore } from '../open-store.ts'
import type { Context } from '../surroundings.ts'

/**
 * Makes the store from a backup. Nothing is overwritten: what stands there is kept under another name with `setAside`, and refused without.
 */
export async function restore(
  { store: path, clock }: Context,
  from: string,
  { setAside = false }: { readonly setAside?: boolean },
): Promise<Answer> {
  requireStore(from)
  const standing = sqliteStoreFiles(path).filter(file => existsSync(file))
  if (!setAside && standing.length > 0)
    throw new InvalidInputError({
      code: 'FILE_EXISTS',
      message: `${standing[0]} exists and is not overwritten: end every bot on it and add --set-aside, which keeps it under another name`,
    })
  if (standing.length === 0) {
    const report = await restoreSqliteStore({ from, to: path })
    return answer(path, from, report)
  }
  requireUnused(path)
  // The backup is proved good beside what is there, before that is touched.
  const restored = `${path}.restored`
  const report = await restoreSqliteStore({ from, to: restored })
  const end = `.aside-${new Date(clock.now()).toISOString().replace(/[:.]/g, '')}`
  const moved = standing.filter(file => existsSync(file))
  for (const file of moved) renameSync(file, `${file}${end}`)
  renameSync(restored, path)
  return answer(
    path,
    from,
    report,
    moved.map(file => `${file}${end}`),
  )
}

function answer(
  path: string,
  from: string,
  report: { readonly entries: number; readonly digest: string },
  setAside: readonly string[] = [],
): Answer {
  return {
    data: { file: path, from, ...report, setAside },
    text: [
      ...setAside.map(file => `set aside as ${file}\n`),
      `${path}: ${report.entries} entries from ${from}, checked; digest ${report.digest}\n`,
    ].join(''),
    notes: [
      'what happened at the venues after the backup is not in it: start the bot, whose first act is to ask them, before you trust a figure',
    ],
  }
}

/** @throws {AutomationError} `STORE_UNAVAILABLE` while any process has the store open. */
function requireUnused(path: string): void {
  if (!existsSync(path)) return
  const db = new DatabaseSync(path)
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; ROLLBACK')
  } catch (cause) {
    // SQLITE_BUSY. A damaged file has no users either, or they refuse already.
    if (((cause as { errcode?: number }).errcode ?? 0) % 256 === 5)
      throw new AutomationError({
        code: 'STORE_UNAVAILABLE',
        message: `store ${path}: a process still uses it, and nothing was changed: end every bot on it first`,
        cause,
      })
  } finally {
    db.close()
  }
}
