import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  type Clock,
  DefaultRiskManager,
  entryHash,
  genesisHash,
  type Intent,
  type IntentId,
  InvalidInputError,
} from '@org/core'
import { describe, expect, it } from 'vitest'
import { sqliteStore } from '../src/index.ts'
import { noteFact, writeNotes } from './notes.ts'
import { temporaryFiles } from './temporary-files.ts'

const files = temporaryFiles()
const unavailable = expect.objectContaining({
  code: 'STORE_UNAVAILABLE',
  effect: 'none',
  message: expect.not.stringContaining('\n') as string,
})

describe('a file that cannot be written now', () => {
  it('is refused when somebody took the write permission away', async () => {
    const path = files.newPath()
    await (await sqliteStore({ path })).close()
    chmodSync(path, 0o444)
    await expect(sqliteStore({ path })).rejects.toEqual(unavailable)
  })

  it('is refused when its folder is missing', async () => {
    await expect(sqliteStore({ path: join(files.newPath(), 'no', 'such.db') })).rejects.toEqual(unavailable)
  })

  it('refuses a commit that does not fit any more, keeps none of it, and serves what fits', async () => {
    const path = files.newPath()
    const store = files.closeLater(await sqliteStore({ path, fileBytesMax: 200_000 }))
    await writeNotes(store, 10)
    const before = store.digest()
    const results = await Promise.allSettled([writeNotes(store, 5), writeNotes(store, 5_000), writeNotes(store, 5)])
    expect(results.map(result => result.status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect((results[0] as PromiseRejectedResult).reason).toEqual(unavailable)
    expect(store.digest()).toBe(before)
    await writeNotes(store, 5)
    expect((await store.verify()).entries).toBe(15)
  })

  it('refuses after a bounded wait while another process holds the lock, and goes on when it is free', async () => {
    const path = files.newPath()
    const store = files.closeLater(await sqliteStore({ path, lockWaitMsMax: 60 }))
    const hung = new DatabaseSync(path)
    hung.exec('BEGIN IMMEDIATE')
    const results = await Promise.allSettled([writeNotes(store, 1), store.saveState('key', 1)])
    for (const result of results) expect((result as PromiseRejectedResult).reason).toEqual(unavailable)
    expect(store.read().lastAtMs).toBe(0)
    hung.exec('ROLLBACK')
    hung.close()
    await writeNotes(store, 1)
    expect((await store.verify()).entries).toBe(1)
  })

  it('refuses to halt while another process hangs in a write; nobody takes new risk or sends meanwhile, and halting works again after', async () => {
    const path = files.newPath()
    const store = files.closeLater(await sqliteStore({ path, lockWaitMsMax: 60 }))
    const clock: Clock = { now: () => 1_000, sleep: async () => {}, track: work => work }
    const risk = new DefaultRiskManager([], { store, clock })
    const intent = (id: string): Intent => ({
      id: id as IntentId,
      strategyId: 's',
      venueId: 'v',
      domain: 'testing',
      action: 'act',
      params: {},
      effects: [],
      reduces: false,
      expiresAt: 2_000,
      rationale: { reason: 'test', summary: 'test' },
    })
    expect(await risk.reserve(intent('before'))).toMatchObject({ ok: true })
    const hung = new DatabaseSync(path)
    hung.exec('BEGIN IMMEDIATE')
    await expect(risk.halt({}, 'smoke', 'me')).rejects.toEqual(unavailable)
    await expect(risk.markSent('before', 'before')).rejects.toEqual(unavailable)
    expect(await risk.reserve(intent('meanwhile'))).toMatchObject({ ok: false })
    expect(risk.state()).toBe('active')
    hung.exec('ROLLBACK')
    hung.close()
    await risk.halt({}, 'smoke', 'me')
    await expect(risk.markSent('before', 'before')).rejects.toMatchObject({ code: 'HALTED' })
  })

  it('is written although a process hangs that holds the turn', async () => {
    const path = files.newPath()
    const store = files.closeLater(await sqliteStore({ path, lockWaitMsMax: 60 }))
    const hung = new DatabaseSync(`${path}-turn`)
    hung.exec('BEGIN IMMEDIATE')
    await writeNotes(store, 1)
    hung.exec('ROLLBACK')
    hung.close()
    expect((await store.verify()).entries).toBe(1)
  })
})

describe('options', () => {
  it.each(['', ':memory:', 'file:store.db?mode=memory'])('refuse the path %j, which would forget', async path => {
    await expect(sqliteStore({ path })).rejects.toMatchObject({ code: 'INVALID_STORE_PATH' })
  })

  it.each([
    { lockWaitMsMax: Number.NaN },
    { lockWaitMsMax: -1 },
    { snapshotEvery: 0 },
    { fileBytesMax: Number.POSITIVE_INFINITY },
  ])('refuse %j before anything is created', async option => {
    const path = files.newPath()
    await expect(sqliteStore({ path, ...option })).rejects.toMatchObject({ code: 'INVALID_STORE_OPTION' })
    expect(existsSync(path)).toBe(false)
  })
})

describe('a decision that cannot be written', () => {
  it('leaves the rest of its group whole when a fact in its middle cannot be applied', async () => {
    const store = files.closeLater(await sqliteStore({ path: files.newPath() }))
    const overflowing = { ...noteFact('huge'), postings: [{ measure: 'loss', amount: Number.MAX_SAFE_INTEGER }] }
    const [a, bad, b] = await Promise.allSettled([
      writeNotes(store, 2),
      store.commit(() => ({ facts: [overflowing, overflowing] as never, at: 1_000, result: undefined })),
      writeNotes(store, 2),
    ])
    expect([a.status, bad.status, b.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((bad as PromiseRejectedResult).reason).toBeInstanceOf(InvalidInputError)
    expect(store.read().lossToday.sum).toBe(0)
    expect((await store.verify()).entries).toBe(4)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is refused at the time %s', async at => {
    const store = files.closeLater(await sqliteStore({ path: files.newPath() }))
    const attempt = store.commit(() => ({ facts: [noteFact('x')], at, result: undefined }))
    await expect(attempt).rejects.toEqual(expect.objectContaining({ code: 'INVALID_TIME' }))
    expect(store.digest()).toBe(genesisHash)
  })

  it('is hashed as core hashes it, at times with a fraction too', async () => {
    const store = files.closeLater(await sqliteStore({ path: files.newPath() }))
    await store.commit(() => ({ facts: [noteFact('ü "x" \ud800')], at: 1_000.25, result: undefined }))
    expect(store.digest()).toBe(entryHash(genesisHash, 1, 1_000.25, noteFact('ü "x" \ud800')))
    expect((await store.verify()).entries).toBe(1)
  })
})

describe('a start', () => {
  it('reads the newest snapshot and the entries after it, and comes to the same ledger as a replay of all', async () => {
    const path = files.newPath()
    const store = await sqliteStore({ path, snapshotEvery: 10 })
    for (let i = 0; i < 5; i++) await writeNotes(store, 7)
    const before = store.digest()
    await store.close()
    const again = files.closeLater(await sqliteStore({ path }))
    expect(again.digest()).toBe(before)
    const whole = files.newPath()
    await again.backup(whole)
    const db = new DatabaseSync(whole)
    expect(db.prepare('SELECT count(*) AS n FROM snapshot').get()).toEqual({ n: 2 })
    db.exec('DELETE FROM snapshot')
    db.close()
    const replayed = files.closeLater(await sqliteStore({ path: whole }))
    expect(replayed.read()).toEqual(again.read())
  })
})
