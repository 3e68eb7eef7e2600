import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

/** Paths for new files; after each test whatever was opened is closed and everything is removed. */
export function temporaryFiles(): {
  readonly newPath: () => string
  readonly closeLater: <T extends { close(): Promise<void> }>(opened: T) => T
} {
  let folder: string | undefined
  let count = 0
  const opened: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    folder = undefined
  })
  return {
    newPath() {
      folder ??= mkdtempSync(join(tmpdir(), 'store-sqlite-'))
      return join(folder, `store-${++count}.db`)
    },
    closeLater(one) {
      opened.push(one)
      return one
    },
  }
}
