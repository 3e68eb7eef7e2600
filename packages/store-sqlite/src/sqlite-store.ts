import type { DatabaseSync } from 'node:sqlite'
import { type Clock, InvalidInputError, type JournalEntry, type Store, systemClock } from '@org/core'
import { backUpFile } from './backup.ts'
import { GroupCommit } from './group-commit.ts'
import { HeadMark, readMark, requireMarked } from './head-mark.ts'
import { JournalTable } from './journal-table.ts'
import { LogRoom } from './log-room.ts'
import { Mirror } from './mirror.ts'
import { openDatabase, type Survives } from './open-database.ts'
import { sameFileGuard } from './same-file-guard.ts'
import { fromSqlite, storeError } from './store-error.ts'
import { StrategyStateTable } from './strategy-state-table.ts'
import { Upkeep } from './upkeep.ts'
import { type StoreReport, verifyFile } from './verify.ts'
import { WriteTurn } from './write-turn.ts'

export interface SqliteStoreOptions {
  /** The file; its folder must exist. Beside it appear files with `-wal`, `-shm`, `-turn` and `-head` after its name. Not on a network drive. */
  readonly path: string
  /**
   * Who is told that file work is under way, so that a virtual clock stands still meanwhile. Waiting for another process is in real time
   * always. @default the system's clock
   */
  readonly clock?: Clock
  /** How long another process may hold the file before a commit is refused, in milliseconds. @default 5000 */
  readonly lockWaitMsMax?: number
  /** The file does not grow beyond; a commit that needs more is refused. @default as large as the disk */
  readonly fileBytesMax?: number
  /**
   * What an answered commit outlives. `process-kill` is for sandboxes and tests, where no money is at stake: it does not wait for the disk, and
   * a power loss may cost the newest commits or the whole file. @default 'power-loss'
   */
  readonly survives?: Survives
  /** Entries between two snapshots of the ledger: fewer open faster, more write less. @default 50000 */
  readonly snapshotEvery?: number
}

/** A store on one SQLite file. */
export interface SqliteStore extends Store {
  /** A checked copy of this moment in a new file, made beside running writers. Brought back by {@link restoreSqliteStore}. */
  backup(toFile: string): Promise<StoreReport>
  /** Reads the whole file and proves its history; throws `STORE_CORRUPT` at the first thing wrong. */
  verify(): Promise<StoreReport>
  /**
   * The journal as lines of JSON, oldest first, each with its line end.
   *
   * @example
   * await pipeline(store.export(), createWriteStream('journal.jsonl'))
   */
  export(): AsyncIterable<string>
}

/**
 * Opens (or creates) the embedded store: every commit is on the disk before it is answered, and any number of processes may share the
 * file, each seeing what the others wrote before it decides.
 *
 * @throws AutomationError `STORE_UNAVAILABLE`, `STORE_CORRUPT`, `STORE_FOREIGN` or `STORE_NEWER_SCHEMA`, each with one line that says
 *   what to do; the file is unchanged.
 * @throws InvalidInputError `INVALID_STORE_PATH`, `INVALID_STORE_OPTION`.
 * @example
 * await using store = await sqliteStore({ path: 'automation.db' })
 * const risk = new DefaultRiskManager([dailyLoss({ limit: 500 })], { store })
 */
export async function sqliteStore(options: SqliteStoreOptions): Promise<SqliteStore & AsyncDisposable> {
  const { path, clock = systemClock, lockWaitMsMax = 5_000, snapshotEvery = 50_000, fileBytesMax, survives } = options
  requireFile(path)
  requireAtLeast('lockWaitMsMax', lockWaitMsMax, 0)
  requireAtLeast('snapshotEvery', snapshotEvery, 1)
  if (fileBytesMax !== undefined) requireAtLeast('fileBytesMax', fileBytesMax, 1)
  const db = await clock.track(openDatabase(path, lockWaitMsMax, fileBytesMax, survives))
  try {
    return assemble(db, path, clock, lockWaitMsMax, snapshotEvery)
  } catch (error) {
    db.close()
    throw fromSqlite(error, path)
  }
}

function assemble(
  db: DatabaseSync,
  path: string,
  clock: Clock,
  lockWaitMsMax: number,
  snapshotEvery: number,
): SqliteStore & AsyncDisposable {
  const journal = new JournalTable(db, path)
  const mirror = new Mirror(db, journal, path)
  const answered = readMark(path)
  mirror.load()
  requireMarked(answered, journal, path)
  const states = new StrategyStateTable(db)
  const listeners = new Set<(entry: JournalEntry) => void>()
  const turn = new WriteTurn(db, path, lockWaitMsMax)
  const mark = new HeadMark(path)
  mark.note(mirror.head)
  const logRoom = new LogRoom(path)
  const upkeep = new Upkeep({ db, path, mirror, turn, snapshotEvery })
  const group = new GroupCommit({
    path,
    db,
    requireSameFile: sameFileGuard(path),
    turn,
    mirror,
    mark,
    logRoom,
    journal,
    states,
    announcer: {
      get isHeard() {
        return listeners.size > 0
      },
      announce(entries) {
        for (const entry of entries) for (const listener of [...listeners]) tell(listener, entry)
      },
    },
    afterGroup: () => upkeep.afterGroup(),
  })
  let closing: Promise<void> | undefined

  const closed = () => storeError('STORE_UNAVAILABLE', path, 'it is closed; nothing was written')
  const ensureOpen = () => {
    if (closing !== undefined) throw closed()
  }
  const close = () => {
    closing ??= clock.track(
      group.drained().then(async () => {
        await upkeep.close()
        turn.close()
        mark.close()
        logRoom.close()
        db.close()
      }),
    )
    return closing
  }

  return {
    // Hot path: no promise but the one of the group.
    commit: decide => (closing === undefined ? clock.track(group.decide(decide)) : Promise.reject(closed())),
    read() {
      if (closing === undefined) group.refresh()
      return mirror.state
    },
    async *journal(range = {}) {
      let afterSeq = range.afterSeq ?? 0
      for (;;) {
        ensureOpen()
        const page = journal.pageAfter(afterSeq)
        if (page.length === 0) return
        yield* page
        afterSeq = page.at(-1)?.seq ?? afterSeq
      }
    },
    digest: () => mirror.head.hash,
    async loadState(key) {
      ensureOpen()
      return states.load(key)
    },
    async saveState(key, value) {
      ensureOpen()
      const text = JSON.stringify(value)
      await clock.track(group.write(() => states.save(key, text)))
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close,
    [Symbol.asyncDispose]: close,
    async backup(toFile) {
      ensureOpen()
      return clock.track(backUpFile(path, toFile))
    },
    async verify() {
      ensureOpen()
      return clock.track(verifyFile(path))
    },
    async *export() {
      for await (const entry of this.journal()) yield `${JSON.stringify(entry)}\n`
    },
  }
}

/** SQLite would take these names for a database that is gone with the process: a budget that forgets. */
function requireFile(path: string): void {
  if (typeof path === 'string' && path !== '' && !path.startsWith(':') && !path.startsWith('file:')) return
  throw new InvalidInputError({
    code: 'INVALID_STORE_PATH',
    message: `expected the path of a file such as automation.db, was ${JSON.stringify(path)}: for a store that forgets use memoryStore()`,
  })
}

function requireAtLeast(name: string, value: number, min: number): void {
  if (Number.isFinite(value) && value >= min) return
  throw new InvalidInputError({
    code: 'INVALID_STORE_OPTION',
    message: `${name}: expected a number of at least ${min}, was ${String(value)}`,
  })
}

/** The entry is written, whatever a listener makes of it: its error is not the committer's. */
function tell(listener: (entry: JournalEntry) => void, entry: JournalEntry): void {
  try {
    listener(entry)
  } catch (error) {
    process.emitWarning(`a listener of the journal failed at entry ${entry.seq}: ${String(error)}`)
  }
}
