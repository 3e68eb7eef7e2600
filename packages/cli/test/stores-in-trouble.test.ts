import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { sqliteStoreFiles } from '@org/store-sqlite'
import { describe, expect, it } from 'vitest'
import { commandLine, writeMorning } from './command-line.ts'

const { path, run } = commandLine()

const everyCommand = [
  'status',
  'budget show',
  'budget history',
  'budget set max_daily_loss 1 --reason r',
  'halt --reason r',
  'resume --reason r',
  'rearm max_drawdown --reason r',
  'journal tail',
  'journal why box-1',
  'journal verify',
  'journal export',
  'replay',
  'time-back --reason r',
]

describe('a store that is not there', () => {
  it.each([...everyCommand, 'backup copy.db'])('%s makes none', async line => {
    const { exitCode, out, err } = await run(line.split(' '))
    expect([exitCode, out]).toEqual([3, ''])
    expect(err).toBe(
      "STORE_MISSING: store bot.db: there is no such file, and none was made: name the bot's with --store FILE or AUTOMATE_STORE\n",
    )
    expect(readdirSync(path('.'))).toEqual([])
  })

  it('nor one out of an empty file', async () => {
    writeFileSync(path('bot.db'), '')
    for (const line of everyCommand)
      expect(await run(line.split(' '))).toMatchObject({ exitCode: 3, err: expect.stringContaining('STORE_MISSING') })
    expect(readFileSync(path('bot.db'))).toHaveLength(0)
  })

  it('nor in the place of one that was moved away, and says that it was there', async () => {
    await writeMorning(path('bot.db'))
    rmSync(path('bot.db'))
    for (const line of everyCommand)
      expect(await run(line.split(' '))).toMatchObject({
        exitCode: 3,
        err: expect.stringContaining('shows that it was there'),
      })
    expect(existsSync(path('bot.db'))).toBe(false)
  })

  it('nor from a backup that is not there', async () => {
    expect(await run(['restore', path('monday.db')])).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('STORE_MISSING'),
    })
    expect(readdirSync(path('.'))).toEqual([])
  })

  it('is a problem that doctor names', async () => {
    expect(await run(['doctor'])).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('PROBLEM  file: bot.db does not exist'),
    })
  })

  it('is told to programs in an envelope', async () => {
    expect(JSON.parse((await run(['status', '--json'])).out)).toEqual({
      version: 1,
      command: 'status',
      error: { code: 'STORE_MISSING', message: expect.any(String) },
    })
  })
})

describe('a damaged store', () => {
  const damage = async () => {
    await writeMorning(path('bot.db'))
    for (const file of sqliteStoreFiles(path('bot.db')))
      if (file.endsWith('-wal') || file.endsWith('-shm')) rmSync(file, { force: true })
    const bytes = readFileSync(path('bot.db')).fill(0x2a, 5_000, 9_000)
    writeFileSync(path('bot.db'), bytes)
    return bytes
  }

  it('is a finding of verify and doctor, and refused by the others; no byte of it changes', async () => {
    const bytes = await damage()
    expect(await run(['journal', 'verify'])).toMatchObject({
      exitCode: 1,
      out: expect.stringMatching(/^NOT SOUND: store bot\.db: /),
      err: expect.stringContaining('automate restore FROM --set-aside'),
    })
    expect(await run(['doctor'])).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('PROBLEM  opens: STORE_CORRUPT'),
    })
    for (const line of everyCommand.filter(line => line !== 'journal verify'))
      expect(await run(line.split(' '))).toMatchObject({ exitCode: 3, err: expect.stringContaining('STORE_CORRUPT') })
    expect(readFileSync(path('bot.db')).equals(bytes)).toBe(true)
  })

  it('is set aside, and a backup takes its place', async () => {
    await writeMorning(path('bot.db'))
    await run(['backup', path('monday.db')])
    const bytes = readFileSync(path('bot.db')).fill(0x2a, 5_000, 9_000)
    writeFileSync(path('bot.db'), bytes)
    expect(await run(['restore', path('monday.db'), '--set-aside'])).toMatchObject({ exitCode: 0 })
    expect(readFileSync(path('bot.db.aside-2026-01-01T090000000Z')).equals(bytes)).toBe(true)
    expect((await run(['journal', 'verify'])).exitCode).toBe(0)
  })

  it('of which an entry was edited is found out', async () => {
    await writeMorning(path('bot.db'))
    const db = new DatabaseSync(path('bot.db'))
    db.exec(
      "DROP TRIGGER journal_no_update; UPDATE journal SET fact = replace(fact, '20000000', '10000000') WHERE seq = 11",
    )
    db.close()
    expect((await run(['journal', 'verify'])).exitCode).toBe(1)
    expect((await run(['replay'])).exitCode).toBe(3)
  })
})

describe('a file that cannot be a store', () => {
  it('is refused, and left as it is: another program’s, no database, a folder', async () => {
    const foreign = new DatabaseSync(path('bot.db'))
    foreign.exec('CREATE TABLE mine (x)')
    foreign.close()
    writeFileSync(path('notes.txt'), 'x'.repeat(5_000))
    mkdirSync(path('folder'))
    for (const [store, code] of [
      ['bot.db', 'STORE_FOREIGN'],
      ['notes.txt', 'STORE_CORRUPT'],
      ['folder', 'STORE_UNAVAILABLE'],
    ] as const)
      expect(await run(['halt', '--reason', 'r'], { store: path(store) })).toMatchObject({
        exitCode: 3,
        err: expect.stringContaining(code),
      })
    expect(readFileSync(path('notes.txt'), 'utf8')).toBe('x'.repeat(5_000))
  })

  it('a write-protected one is a problem that doctor names', async () => {
    await writeMorning(path('bot.db'))
    chmodSync(path('bot.db'), 0o444)
    expect((await run(['doctor'])).out).toContain('PROBLEM  writable: the file is write-protected')
    expect(await run(['halt', '--reason', 'r'])).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('make it writable'),
    })
  })
})
