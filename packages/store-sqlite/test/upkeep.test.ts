import { existsSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sqliteStore } from '../src/index.ts'
import { noteFact } from './notes.ts'
import { temporaryFiles } from './temporary-files.ts'

const files = temporaryFiles()

describe('the log of a busy store', () => {
  it('is copied beside the writers, begins anew, and is gone once the store is closed', async () => {
    const path = files.newPath()
    const store = files.closeLater(await sqliteStore({ path }))
    const facts = Array.from({ length: 1_000 }, (_, i) => noteFact(`${i} ${'x'.repeat(600)}`))
    let largest = 0
    for (let i = 0; i < 80; i++) {
      await store.commit(() => ({ facts, at: i, result: undefined }))
      largest = Math.max(largest, statSync(`${path}-wal`).size)
    }
    // The journal alone takes 70 MB.
    expect(statSync(path).size).toBeGreaterThan(30e6)
    expect(largest).toBeLessThan(64e6)
    await store.close()
    expect(existsSync(`${path}-wal`)).toBe(false)
  })
})
