import { chmodSync, existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type JournalEntry, ledgerToText } from '@org/core'
import { type SqliteStore, sqliteStore } from '@org/store-sqlite'
import type { BotArguments } from './bot-arguments.ts'
import { type Ending, startChild } from './child.ts'
import { judgeBooks } from './judge-books.ts'
import type { Life, RoundPlan } from './round-plan.ts'
import type { SimulatorBooks } from './simulator-books.ts'
import { budgetDollars, rentalDollars } from './stakes.ts'

/** Longer than any wait of a bot for the file and for the end of a reservation, shorter than a stop. */
const lifetimeMs = 300
const lockWaitMsMax = 300
/** Who has not ended by then hangs; on a machine that does much else a life of two seconds takes thirty. */
const lifeMsMax = 120_000

/** What happened in a round. */
export interface RoundReport {
  readonly problems: readonly string[]
  readonly entries: number
  /** Lives that ended by a signal, and those that refused with a store error. */
  readonly killed: number
  readonly refused: number
  /** Lives in which the file could not be written: held by a stopped process, or the disk full. */
  readonly unwritten: number
  /** Intents that a start found open and ended. */
  readonly reconciled: number
}

/** Plays one round on a new store at `path` and judges it from outside. */
export async function playRound(plan: RoundPlan, simulator: SimulatorBooks, path: string): Promise<RoundReport> {
  await simulator.clear()
  await simulator.plan(faultsOf(plan))
  const problems: string[] = []
  const endings: Ending[] = []
  let seed = plan.seed
  const start = (name: string, life: Pick<Life, 'fileBlocksMax'>, finishes: boolean) => {
    const { url, renterKey } = simulator
    const bot: BotArguments = {
      path,
      url,
      renterKey,
      name,
      seed: seed++,
      lifetimeMs,
      lockWaitMsMax,
      finishes,
    }
    return startChild(new URL('./bot-process.ts', import.meta.url), [JSON.stringify(bot)], {
      lifeMsMax,
      fileBlocksMax: life.fileBlocksMax,
    })
  }

  const live = async (name: string, life: Life) => {
    const child = start(name, life, false)
    if (life.from === 'ready') await child.firstLine
    await Promise.race([sleep(life.afterMs), child.ended])
    if (life.stopMs !== undefined) {
      child.process.kill('SIGSTOP')
      await sleep(life.stopMs)
      if (life.endsStopped !== true) {
        child.process.kill('SIGCONT')
        await Promise.race([sleep(50), child.ended])
      }
    }
    child.process.kill('SIGKILL')
    endings.push(await child.ended)
    await simulator.quiet()
    if (plan.isReadOnlyBetween && existsSync(path)) await refusesReadOnly(name)
  }

  /** A file that somebody protected is not written, and the refusal is one line. */
  const refusesReadOnly = async (name: string) => {
    chmodSync(path, 0o444)
    const ending = await start(name, {}, false).ended
    chmodSync(path, 0o644)
    if (ending.by !== 3 || !/^STORE_UNAVAILABLE store .* write-protected.*\n$/.test(ending.errors))
      problems.push(`on a read-only file a bot ended by ${ending.by}: ${ending.errors}`)
    endings.push(ending)
  }

  await Promise.all(
    plan.bots.map(async (lives, i) => {
      for (const life of lives) await live(`bot${i}`, life)
    }),
  )
  const last = await start('last', {}, true).ended
  if (last.by !== 0 || last.lines.at(-1) !== 'done') problems.push(`the last bot ended by ${last.by}: ${last.errors}`)
  for (const { by, errors } of endings)
    if (by !== 'SIGKILL' && !isStoreRefusal(by, errors)) problems.push(`a bot ended by ${by}: ${errors}`)

  const store = await sqliteStore({ path })
  try {
    const { entries } = await store.verify()
    problems.push(...(await judge(store, simulator)))
    return {
      problems,
      entries,
      killed: endings.filter(({ by }) => by === 'SIGKILL').length,
      refused: endings.filter(({ by }) => by === 3).length,
      unwritten: endings.filter(({ lines }) => lines.includes('unwritten')).length,
      reconciled: [...endings, last].reduce((sum, { lines }) => sum + reconciledIn(lines), 0),
    }
  } finally {
    await store.close()
  }
}

async function judge(store: SqliteStore, simulator: SimulatorBooks): Promise<string[]> {
  const entries: JournalEntry[] = []
  for await (const entry of store.journal()) entries.push(entry)
  return judgeBooks({
    entries,
    ledgerText: ledgerToText(store.read()),
    rentals: await simulator.read(),
    budgetDollars,
    rentalDollars,
  })
}

function reconciledIn(lines: readonly string[]): number {
  return Number(/^reconciled (\d+)$/.exec(lines[1] ?? '')?.[1] ?? 0)
}

function isStoreRefusal(by: string | number, errors: string): boolean {
  return by === 3 && /^STORE_UNAVAILABLE [^\n]*\n$/.test(errors)
}

function faultsOf({ faultChance: probability }: RoundPlan): Parameters<SimulatorBooks['plan']>[0] {
  const asks = { path: '/asks/*', probability }
  return [
    { kind: 'reset-before', ...asks },
    { kind: 'reset-after', ...asks },
    { kind: 'status', status: 502, afterEffect: true, ...asks },
    { kind: 'reset-before', path: '/instances', probability: probability / 2 },
  ]
}
