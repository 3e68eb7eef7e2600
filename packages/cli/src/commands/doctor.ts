import { accessSync, constants, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { AutomationError, describeError } from '@org/core'
import type { SqliteStore } from '@org/store-sqlite'
import type { Answer } from '../answer.ts'
import { exitCodes } from '../exit-code.ts'
import { openStore } from '../open-store.ts'
import type { Context } from '../surroundings.ts'

interface Check {
  readonly check: string
  readonly ok: boolean
  readonly text: string
}

/** The oldest Node whose `node:sqlite` the store is written for. */
const oldestNode = [22, 19] as const

/** Below, a busy store may fill the disk before somebody looks again. */
const freeBytesMin = 256 * 1024 * 1024

/** Two clocks of one machine room differ by less. */
const aheadMsMax = 60_000

/** Looks at everything that commonly stands in the way, and changes nothing. */
export async function doctor({ store: path, clock }: Context): Promise<Answer> {
  const checks: Check[] = [nodeVersion(), ...fileChecks(path)]
  if (checks.every(({ ok }) => ok)) {
    try {
      await using store = await openStore(path, clock)
      checks.push({ check: 'opens', ok: true, text: 'the store opens' })
      checks.push(await turnToWrite(store, clock.now()))
      checks.push(await history(store))
      checks.push(clocks(store.read().lastAtMs - clock.now()))
      checks.push(doubts([...store.read().reservations.values()].filter(({ isInDoubt }) => isInDoubt).length))
    } catch (error) {
      checks.push(failed('opens', error))
    }
  }
  const isWell = checks.every(({ ok }) => ok)
  return {
    data: { ok: isWell, store: path, checks },
    text: checks.map(({ check, ok, text }) => `${ok ? 'ok     ' : 'PROBLEM'}  ${check}: ${text}\n`).join(''),
    exitCode: isWell ? exitCodes.ok : exitCodes.finding,
  }
}

function failed(check: string, error: unknown): Check {
  return {
    check,
    ok: false,
    text: AutomationError.isInstance(error) ? `${error.code}, ${error.shortMessage}` : describeError(error),
  }
}

function nodeVersion(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const ok = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
  return {
    check: 'node',
    ok,
    text: ok ? process.versions.node : `expected ${oldestNode.join('.')} or newer, was ${process.versions.node}`,
  }
}

function fileChecks(path: string): Check[] {
  const file = statSync(path, { throwIfNoEntry: false })
  if (file === undefined)
    return [{ check: 'file', ok: false, text: `${path} does not exist: name the bot's store with --store FILE` }]
  if (!file.isFile()) return [{ check: 'file', ok: false, text: `${path} is no file` }]
  const may = (target: string, mode: number) => {
    try {
      accessSync(target, mode)
      return true
    } catch {
      return false
    }
  }
  const isReadable = may(path, constants.R_OK)
  const isWritable = may(path, constants.W_OK) && (file.mode & 0o222) !== 0
  const isFolderWritable = may(dirname(path), constants.W_OK)
  const { bavail, bsize } = statfsSync(dirname(path))
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`
  return [
    {
      check: 'file',
      ok: isReadable,
      text: isReadable ? `${path}, ${file.size.toLocaleString('en-US')} bytes` : `${path} cannot be read by this user`,
    },
    { check: 'writable', ok: isWritable, text: isWritable ? 'the file may be written' : 'the file is write-protected' },
    {
      check: 'folder',
      ok: isFolderWritable,
      text: isFolderWritable ? 'files may be made beside it' : `no files may be made in ${dirname(path)}`,
    },
    { check: 'disk', ok: bavail * bsize >= freeBytesMin, text: `${megabytes(bavail * bsize)} free` },
  ]
}

/** A process that hangs in the middle of a write holds everybody up. */
async function turnToWrite(store: SqliteStore, at: number): Promise<Check> {
  try {
    await store.commit(() => ({ facts: [], at, result: undefined }))
    return { check: 'locks', ok: true, text: 'the turn to write was had: no process hangs with it' }
  } catch (error) {
    return failed('locks', error)
  }
}

async function history(store: SqliteStore): Promise<Check> {
  try {
    const { entries } = await store.verify()
    return { check: 'journal', ok: true, text: `${entries} entries, each follows from the one before` }
  } catch (error) {
    return failed('journal', error)
  }
}

function clocks(aheadMs: number): Check {
  const ok = aheadMs <= aheadMsMax
  const seconds = Math.round(aheadMs / 1000)
  return {
    check: 'clock',
    ok,
    text: ok
      ? 'the ledger is not ahead of this clock'
      : `the ledger is ${seconds} s ahead of this clock: set the wrong clock right; automate time-back --help`,
  }
}

function doubts(count: number): Check {
  return {
    check: 'doubt',
    ok: count === 0,
    text:
      count === 0
        ? 'no intent is in doubt'
        : `${count} in doubt: start the bot, which asks the venues what became of them`,
  }
}
