import { appendFileSync, existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson, InvalidInputError, type Store } from '@org/core'
import type { MarketChange, MarketDiary } from '@org/sim-vastai'
import { sqliteStore, sqliteStoreFiles } from '@org/store-sqlite'
import { lockFile } from './lock-file.ts'

/** What an earlier run leaves, besides the file that says which run it was. */
const replaced = ['market.jsonl', ...sqliteStoreFiles('budget.db')]

/** What decides how a run goes; another run begins anew. */
export type SandboxRunKey = Readonly<Record<string, unknown>>

/** Where one simulated run lives on the disk: the bot's budget and journal, and the market's diary. */
export interface SandboxPlace extends AsyncDisposable {
  readonly store: Store
  readonly diary: MarketDiary
  /** True when an earlier run of the same kind was cut off here and is to go on. */
  readonly isResumed: boolean
  /** The run has come to its end: the next one begins anew. */
  finish(): Promise<void>
}

/**
 * Opens the folder of simulated runs. It holds one run: one that was cut off goes on where it was, any other is replaced. Files that are
 * not of a simulated run are never touched.
 *
 * @throws {AutomationError} `SANDBOX_IN_USE` while another process runs there; `SANDBOX_FOREIGN` for a folder with something else in it.
 */
export async function openSandboxPlace(folder: string, runKey: SandboxRunKey): Promise<SandboxPlace> {
  const runFile = join(folder, 'run.json')
  const diaryFile = join(folder, 'market.jsonl')
  const key = canonicalJson(runKey)
  await mkdir(folder, { recursive: true })
  if (!existsSync(runFile) && (await readdir(folder)).length > 0)
    throw new InvalidInputError({
      code: 'SANDBOX_FOREIGN',
      message: `${folder} holds other files than those of a simulated run: give --data a new or an empty folder`,
    })
  if (!existsSync(runFile)) await writeFile(runFile, '{}')
  const lock = lockFile(join(folder, 'lock.db'), {
    code: 'SANDBOX_IN_USE',
    message: `another process simulates in ${folder}: wait for its end, or give this run a folder of its own with --data`,
  })
  const isResumed = (await readRunKey(runFile)) === key && existsSync(diaryFile)
  if (!isResumed) for (const name of replaced) await rm(join(folder, name), { force: true })
  await writeFile(runFile, JSON.stringify({ key }))
  const past = isResumed ? await readDiary(diaryFile) : []
  // Also cuts off a line that was being written when the earlier run ended: that change never took effect.
  await writeFile(diaryFile, past.map(change => `${JSON.stringify(change)}\n`).join(''))
  const store = await sqliteStore({ path: join(folder, 'budget.db'), survives: 'process-kill' })
  return {
    store,
    diary: { past, write: change => appendFileSync(diaryFile, `${JSON.stringify(change)}\n`) },
    isResumed,
    finish: () => writeFile(runFile, JSON.stringify({ key: null })),
    [Symbol.asyncDispose]: async () => {
      await store.close()
      lock.close()
    },
  }
}

/** The key of the run that was cut off here. */
async function readRunKey(file: string): Promise<string | undefined> {
  try {
    const { key } = JSON.parse(await readFile(file, 'utf8')) as { readonly key: unknown }
    return typeof key === 'string' ? key : undefined
  } catch {
    // Missing or half-written: nothing that could go on.
    return undefined
  }
}

async function readDiary(file: string): Promise<MarketChange[]> {
  const text = await readFile(file, 'utf8')
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as MarketChange)
}
