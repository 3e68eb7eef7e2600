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
    let logBytes = 0
    let grownAt = 0
    let written = 0
    // A megabyte each. How many there are until the first copy ends is the machine's matter.
    for (; written - grownAt < 12 && written < 400; written++) {
      await store.commit(() => ({ facts, at: written, result: undefined }))
      const { size } = statSync(`${path}-wal`)
      if (size > logBytes) grownAt = written
      logBytes = size
    }
    expect(written).toBeLessThan(400)
    expect(statSync(path).size).toBeGreaterThan(10e6)
    await store.close()
    expect(existsSync(`${path}-wal`)).toBe(false)
  })

  it('has room before it is written to: few commits make the file longer, which is what makes a sync slow', async () => {
    const path = files.newPath()
    const store = files.closeLater(await sqliteStore({ path }))
    const logBytes = () => statSync(`${path}-wal`).size
    let lengthened = 0
    let size = 0
    for (let i = 0; i < 300; i++) {
      await store.saveState('note', i)
      if (logBytes() !== size) lengthened++
      size = logBytes()
    }
    // 300 commits of 4 to 8 kB each.
    expect(size).toBeGreaterThan(2e6)
    expect(lengthened).toBeLessThanOrEqual(7)
  })
})
