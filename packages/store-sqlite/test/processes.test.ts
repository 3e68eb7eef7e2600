import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DefaultRiskManager, dailyLoss, VirtualClock } from '@org/core'
import { describe, expect, it } from 'vitest'
import { type SqliteStore, sqliteStore } from '../src/index.ts'
import { writeNotes } from './notes.ts'
import { temporaryFiles } from './temporary-files.ts'

const files = temporaryFiles()
const grant = 0.25
const limit = 500

interface Spender {
  readonly child: ChildProcess
  /** Ids of the intents that it was told were granted. */
  readonly granted: string[]
  readonly ended: Promise<unknown>
  /** Resolves when `granted` has reached this length, or the process has ended. */
  readonly hasGranted: (count: number) => Promise<void>
}

function startSpender(path: string, name: string): Spender {
  const program = join(import.meta.dirname, 'spender-process.ts')
  const child = spawn(process.execPath, ['--conditions=@org/source', program, path, name, '8'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const granted: string[] = []
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })
  lines.on('line', line => {
    if (line !== 'ready') granted.push(line)
    for (const one of waiting) if (granted.length >= one.count) one.resolve()
  })
  const ended = Promise.all([once(child, 'exit'), once(lines, 'close')])
  return {
    child,
    granted,
    ended,
    hasGranted: count =>
      Promise.race([new Promise<void>(resolve => waiting.push({ count, resolve })), ended.then(() => {})]),
  }
}

/** What is used and reserved of the $500. */
function taken(store: SqliteStore): number {
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 0, 1) })
  const risk = new DefaultRiskManager([dailyLoss({ limit })], { store, clock })
  const { used, reserved } = risk.remaining('max_daily_loss')
  return used + reserved
}

async function reservedIds(store: SqliteStore): Promise<string[]> {
  const ids: string[] = []
  for await (const { fact } of store.journal()) if (fact.type === 'intent-reserved') ids.push(fact.reservationId)
  return ids
}

describe('processes on one file', () => {
  it('grant together exactly what the budget holds, and nothing twice', { timeout: 60_000 }, async () => {
    const path = files.newPath()
    const spenders = ['a', 'b', 'c'].map(name => startSpender(path, name))
    await Promise.all(spenders.map(spender => spender.ended))
    const granted = spenders.flatMap(spender => spender.granted)
    expect(granted).toHaveLength(limit / grant)
    expect(new Set(granted).size).toBe(granted.length)
    const store = files.closeLater(await sqliteStore({ path }))
    expect(taken(store)).toBe(limit)
    expect((await reservedIds(store)).sort()).toEqual([...granted].sort())
    await store.verify()
  })

  it('lose nothing that was answered and double nothing when they are killed in the middle', {
    timeout: 60_000,
  }, async () => {
    const path = files.newPath()
    const answered: string[] = []
    for (const [round, killAfter] of [1, 40, 90, 7, 200].entries()) {
      const spenders = ['a', 'b'].map(name => startSpender(path, `${name}${round}`))
      for (const spender of spenders) {
        await spender.hasGranted(killAfter)
        spender.child.kill('SIGKILL')
      }
      await Promise.all(spenders.map(spender => spender.ended))
      answered.push(...spenders.flatMap(spender => spender.granted))
      const store = await sqliteStore({ path })
      const written = await reservedIds(store)
      expect(written).toEqual(expect.arrayContaining(answered))
      expect(new Set(written).size).toBe(written.length)
      expect(taken(store)).toBe(written.length * grant)
      expect(taken(store)).toBeLessThanOrEqual(limit)
      await store.verify()
      await store.close()
    }
  })

  it('are refused while one of them is stopped, and go on when it is ended', { timeout: 60_000 }, async () => {
    const path = files.newPath()
    const store = files.closeLater(await sqliteStore({ path, lockWaitMsMax: 100 }))
    const holder = spawn(
      process.execPath,
      [
        '--eval',
        `const db = new (require('node:sqlite').DatabaseSync)(process.argv[1])
         db.exec('BEGIN IMMEDIATE'); require('node:fs').writeSync(1, 'held'); process.kill(process.pid, 'SIGSTOP')`,
        path,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    await once(holder.stdout, 'data')
    await expect(writeNotes(store, 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', effect: 'none' })
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    await writeNotes(store, 1)
    expect((await store.verify()).entries).toBe(1)
  })
})
