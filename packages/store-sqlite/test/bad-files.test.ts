import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { restoreSqliteStore, sqliteStore, sqliteStoreFiles } from '../src/index.ts'
import { migrate } from '../src/schema.ts'
import { writeNotes } from './notes.ts'
import { temporaryFiles } from './temporary-files.ts'

const files = temporaryFiles()

/** A closed store of 300 entries. */
async function storedFile(): Promise<string> {
  const path = files.newPath()
  const store = await sqliteStore({ path })
  await writeNotes(store, 300)
  await store.close()
  return path
}

function refusal(code: string) {
  return expect.objectContaining({ code, effect: 'none', message: expect.not.stringContaining('\n') as string })
}

/** Changes the file behind the store's back. */
function edit(path: string, sql: string): void {
  const db = new DatabaseSync(path)
  db.exec(sql)
  db.close()
}

describe('a file that cannot be trusted', () => {
  it('is refused when it was truncated', async () => {
    const path = await storedFile()
    truncateSync(path, Math.floor(statSync(path).size / 2))
    await expect(sqliteStore({ path })).rejects.toEqual(refusal('STORE_CORRUPT'))
  })

  it('is refused when nothing is left of it', async () => {
    const path = await storedFile()
    truncateSync(path, 0)
    await expect(sqliteStore({ path })).rejects.toEqual(refusal('STORE_CORRUPT'))
  })

  it('is refused when it is gone and its log is not: what was answered is in there', async () => {
    const path = files.newPath()
    const store = files.closeLater(await sqliteStore({ path }))
    await writeNotes(store, 3)
    const copy = files.newPath()
    copyFileSync(`${path}-wal`, `${copy}-wal`)
    await expect(sqliteStore({ path: copy })).rejects.toEqual(refusal('STORE_CORRUPT'))
    expect(existsSync(copy)).toBe(false)
  })

  it.each([
    ['whole', 'it held 300 journal entries'],
    ['written half', 'there was a store'],
  ])('is refused when it is gone and the mark that is left, %s, shows that there was one', async (kind, held) => {
    const path = await storedFile()
    const backup = files.newPath()
    copyFileSync(path, backup)
    rmSync(path)
    if (kind !== 'whole') writeFileSync(`${path}-head`, '0000000000000300 abc')
    await expect(sqliteStore({ path })).rejects.toEqual(refusal('STORE_CORRUPT'))
    await expect(sqliteStore({ path })).rejects.toThrow(held)
    expect(existsSync(path)).toBe(false)
    expect(await restoreSqliteStore({ from: backup, to: path })).toMatchObject({ entries: 300 })
    await (await sqliteStore({ path })).close()
  })

  it('begins anew once all that is left of it was removed', async () => {
    const path = await storedFile()
    for (const file of sqliteStoreFiles(path)) rmSync(file, { force: true })
    const store = files.closeLater(await sqliteStore({ path }))
    expect((await store.verify()).entries).toBe(0)
  })

  it.each([
    ['gone', () => undefined],
    ['empty', () => Buffer.alloc(0)],
    ['cut', (log: Buffer) => log.subarray(0, Math.floor(log.length / 2))],
    [
      'changed in the middle',
      (log: Buffer) => log.fill(0x5a, Math.floor(log.length / 2), Math.floor(log.length / 2) + 8),
    ],
  ])(
    'is refused when its log is %s, which SQLite passes over: what was answered is no longer in there',
    async (_, damage) => {
      const path = files.newPath()
      const store = files.closeLater(await sqliteStore({ path }))
      for (let i = 0; i < 10; i++) await writeNotes(store, 3)
      const copy = files.newPath()
      for (const part of ['', '-head']) copyFileSync(path + part, copy + part)
      const log = damage(withoutRoom(readFileSync(`${path}-wal`)))
      if (log !== undefined) writeFileSync(`${copy}-wal`, log)
      await expect(sqliteStore({ path: copy })).rejects.toEqual(refusal('STORE_CORRUPT'))
      await expect(sqliteStore({ path: copy })).rejects.toThrow('journal entry 30 was answered and is gone')
      await store.backup(`${copy}-backup`)
      for (const part of ['', '-wal', '-shm']) rmSync(copy + part, { force: true })
      expect(await restoreSqliteStore({ from: `${copy}-backup`, to: copy })).toMatchObject({ entries: 30 })
    },
  )

  it('is refused when an older copy was put in its place', async () => {
    const path = await storedFile()
    const older = files.newPath()
    copyFileSync(path, older)
    const store = await sqliteStore({ path })
    await writeNotes(store, 1)
    await store.close()
    copyFileSync(older, path)
    await expect(sqliteStore({ path })).rejects.toEqual(refusal('STORE_CORRUPT'))
  })

  it('opens where the mark of what was answered was lost or written half', async () => {
    const path = await storedFile()
    for (const mark of [undefined, '', '0000000000000300 abc']) {
      if (mark === undefined) rmSync(`${path}-head`)
      else writeFileSync(`${path}-head`, mark)
      const store = await sqliteStore({ path })
      expect((await store.verify()).entries).toBe(300)
      await store.close()
    }
  })

  it('is refused when its pages were overwritten, and says how to restore', async () => {
    const path = await storedFile()
    const bytes = readFileSync(path)
    bytes.fill(0x5a, 8_192, 20_000)
    writeFileSync(path, bytes)
    await expect(sqliteStore({ path })).rejects.toThrow('restoreSqliteStore')
  })

  it('is refused when it is no database at all', async () => {
    const path = files.newPath()
    writeFileSync(path, 'seq,at,fact\n1,2,3\n'.repeat(100))
    await expect(sqliteStore({ path })).rejects.toEqual(refusal('STORE_CORRUPT'))
  })

  it('is refused when the database is another program’s, and stays as it is', async () => {
    const path = files.newPath()
    edit(path, 'CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES (1)')
    await expect(sqliteStore({ path })).rejects.toEqual(refusal('STORE_FOREIGN'))
    const db = new DatabaseSync(path)
    expect(db.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'recipes' }])
    db.close()
  })

  it('is refused when a newer version wrote it', async () => {
    const path = await storedFile()
    edit(path, 'PRAGMA user_version = 99')
    await expect(sqliteStore({ path })).rejects.toThrow('schema 99, this one knows 1')
  })

  it.each([
    ['changed', "UPDATE journal SET fact = replace(fact, 'note 7', 'note 8') WHERE seq = 8", 'entry 8 was changed'],
    ['removed', 'DELETE FROM journal WHERE seq = 8', 'entry 8 is missing'],
    ['moved in time', 'UPDATE journal SET at = at + 1 WHERE seq = 8', 'entry 8 was changed'],
  ])('is refused when an entry was %s', async (_what, sql, message) => {
    const path = await storedFile()
    edit(path, `DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete; ${sql}`)
    await expect(sqliteStore({ path })).rejects.toThrow(message)
  })

  it('is refused when a snapshot was changed', async () => {
    const path = files.newPath()
    const store = await sqliteStore({ path, snapshotEvery: 100 })
    for (let i = 0; i < 3; i++) await writeNotes(store, 100)
    await store.close()
    edit(path, 'UPDATE snapshot SET ledger = replace(ledger, \'"lastAtMs":\', \'"lastAtMs":1\')')
    await expect(sqliteStore({ path })).rejects.toThrow('snapshot 300 was changed')
  })

  it('is found by verify() when what was edited lies before the snapshot that a start reads', async () => {
    const path = files.newPath()
    const store = await sqliteStore({ path, snapshotEvery: 100 })
    for (let i = 0; i < 3; i++) await writeNotes(store, 100)
    await store.close()
    edit(path, "DROP TRIGGER journal_no_update; UPDATE journal SET fact = replace(fact, 'note 7', 'x') WHERE seq = 8")
    const again = files.closeLater(await sqliteStore({ path }))
    await expect(again.verify()).rejects.toThrow('entry 8 was changed')
  })

  it('cannot be made by a slip: journal entries are not to be changed by SQL', async () => {
    const path = await storedFile()
    expect(() => edit(path, 'DELETE FROM journal')).toThrow('append-only')
    expect(() => edit(path, 'UPDATE journal SET at = 0')).toThrow('append-only')
  })
})

describe('a file that changes under a running process', () => {
  it('is refused when its history was cut, and stays refused', async () => {
    const path = files.newPath()
    const store = files.closeLater(await sqliteStore({ path }))
    await writeNotes(store, 9)
    edit(path, 'DROP TRIGGER journal_no_delete; DELETE FROM journal WHERE seq > 5')
    for (let i = 0; i < 2; i++) await expect(writeNotes(store, 1)).rejects.toEqual(refusal('STORE_CORRUPT'))
  })

  it.skipIf(process.platform === 'win32').each([
    ['was moved away', undefined],
    ['was replaced by a backup', 'backup'],
  ])('is refused when it %s: the old one is nobody’s any more', async (_what, source) => {
    const path = files.newPath()
    const store = files.closeLater(await sqliteStore({ path }))
    await writeNotes(store, 3)
    const copy = files.newPath()
    await store.backup(copy)
    renameSync(path, `${path}-old`)
    if (source !== undefined) copyFileSync(copy, path)
    await expect(writeNotes(store, 1)).rejects.toEqual(refusal('STORE_UNAVAILABLE'))
    await expect(writeNotes(store, 1)).rejects.toThrow('restart it')
  })
})

describe('migrations', () => {
  it('carry a file of an older schema over, all steps or none', () => {
    const path = files.newPath()
    const db = new DatabaseSync(path)
    migrate(db, path, ['CREATE TABLE a (x)'])
    expect(() => migrate(db, path, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)', 'not SQL'])).toThrow()
    expect(db.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'a' }])
    migrate(db, path, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)'])
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 })
    expect(db.prepare('SELECT name FROM sqlite_schema').all()).toHaveLength(2)
    db.close()
  })
})

describe('backup and restore', () => {
  it('brings back the moment of the backup, taken while writers go on', async () => {
    const path = files.newPath()
    const store = files.closeLater(await sqliteStore({ path }))
    await writeNotes(store, 500)
    await store.saveState('ladder', { step: 3 })
    const copy = files.newPath()
    const writing = Array.from({ length: 20 }, () => writeNotes(store, 10))
    const report = await store.backup(copy)
    await Promise.all(writing)

    const restored = files.newPath()
    expect(await restoreSqliteStore({ from: copy, to: restored })).toEqual(report)
    const again = files.closeLater(await sqliteStore({ path: restored }))
    expect(again.digest()).toBe(report.digest)
    expect(report.entries).toBeGreaterThanOrEqual(500)
    expect(await again.loadState('ladder')).toEqual({ step: 3 })
  })

  it('takes the log of a copy that was made by hand', async () => {
    const path = files.newPath()
    const store = files.closeLater(await sqliteStore({ path }))
    await writeNotes(store, 300)
    const copy = files.newPath()
    for (const part of ['', '-wal']) copyFileSync(path + part, copy + part)
    const restored = files.newPath()
    const report = await restoreSqliteStore({ from: copy, to: restored })
    expect(report).toEqual({ entries: 300, digest: store.digest() })
    const again = files.closeLater(await sqliteStore({ path: restored }))
    expect(again.digest()).toBe(store.digest())
  })

  it('overwrites nothing', async () => {
    const path = await storedFile()
    const copy = files.newPath()
    copyFileSync(path, copy)
    await expect(restoreSqliteStore({ from: copy, to: path })).rejects.toEqual(refusal('FILE_EXISTS'))
    const store = files.closeLater(await sqliteStore({ path }))
    await expect(store.backup(copy)).rejects.toEqual(refusal('FILE_EXISTS'))
  })

  it('does not restore a damaged backup', async () => {
    const path = await storedFile()
    truncateSync(path, 9_000)
    const to = files.newPath()
    await expect(restoreSqliteStore({ from: path, to })).rejects.toEqual(refusal('STORE_CORRUPT'))
    expect(existsSync(to)).toBe(false)
  })

  it('refuses a backup that is not there', async () => {
    const from = files.newPath()
    await expect(restoreSqliteStore({ from, to: files.newPath() })).rejects.toEqual(refusal('STORE_UNAVAILABLE'))
    appendFileSync(from, '')
    await expect(restoreSqliteStore({ from, to: files.newPath() })).rejects.toEqual(refusal('STORE_FOREIGN'))
  })
})

describe('export', () => {
  it('gives one line of JSON for each entry', async () => {
    const path = await storedFile()
    const store = files.closeLater(await sqliteStore({ path }))
    const lines: string[] = []
    for await (const line of store.export()) lines.push(line)
    expect(lines).toHaveLength(300)
    expect(JSON.parse(lines[299] as string)).toMatchObject({ seq: 300, hash: store.digest() })
  })
})

/** The log without the zeros at its end, which wait for what comes. */
function withoutRoom(log: Buffer): Buffer {
  return log.subarray(0, log.findLastIndex(byte => byte !== 0) + 1)
}
