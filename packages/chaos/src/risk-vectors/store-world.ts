import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, DefaultRiskManager, type RiskConstraint, type Store } from '@org/core'
import { sqliteStore, sqliteStoreFiles } from '@org/store-sqlite'

/** A risk manager on a SQLite file with a clock that is set by hand. */
export interface StoreWorld {
  readonly risk: DefaultRiskManager
  nowMs: number
  /** As after a crash: everything in memory is dropped, and only what the file holds comes back. */
  restart(): Promise<void>
  close(): Promise<void>
}

export async function openWorld(options: {
  readonly folder: string
  readonly constraints: readonly RiskConstraint[]
  readonly startMs: number
}): Promise<StoreWorld> {
  const path = join(options.folder, 'vector.db')
  for (const file of sqliteStoreFiles(path)) rmSync(file, { force: true })
  let nowMs = options.startMs
  const clock: Clock = { now: () => nowMs, sleep: async () => {}, track: work => work }
  let store: Store
  let risk: DefaultRiskManager
  const open = async () => {
    store = await sqliteStore({ path })
    risk = new DefaultRiskManager(options.constraints, { store, clock })
    await risk.ready()
  }
  await open()
  return {
    get risk() {
      return risk
    },
    get nowMs() {
      return nowMs
    },
    set nowMs(next) {
      nowMs = next
    },
    async restart() {
      await store.close()
      await open()
    },
    close: () => store.close(),
  }
}
