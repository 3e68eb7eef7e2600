import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AutomationError, Decision, JournalEntry, LedgerState } from '@org/core'
import type { HeadMark } from './head-mark.ts'
import type { JournalTable } from './journal-table.ts'
import type { LogRoom } from './log-room.ts'
import type { Mirror } from './mirror.ts'
import { fromSqlite, storeError } from './store-error.ts'
import type { StrategyStateTable } from './strategy-state-table.ts'
import type { WriteTurn } from './write-turn.ts'

/** Who would wait as number 10,001 is refused instead. */
const waitingMax = 10_000
/** Callers served by one transaction; bounds how long the write lock is held. */
const groupMax = 1_024

/** One caller's work within a group. */
interface Job {
  /** Returns what the caller gets once the group is durable. */
  readonly run: () => unknown
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  /** What `run` came to: its result, or what it threw. */
  outcome: unknown
  hasFailed: boolean
}

/** Those who want to hear of entries. */
interface EntryListeners {
  readonly isHeard: boolean
  announce(entries: readonly JournalEntry[]): void
}

const noTexts: readonly (readonly [string, string])[] = []

/**
 * All callers that wait together share one transaction, and so one sync of the disk: that, not SQL, is what a durable write costs.
 *
 * Hot path. Within the write lock: take in what other processes wrote, run each decision on the newest state in the order of arrival,
 * write, commit once; only then does any caller hear of it.
 */
export class GroupCommit {
  readonly #path: string
  readonly #db: DatabaseSync
  readonly #requireSameFile: () => void
  readonly #turn: WriteTurn
  readonly #mirror: Mirror
  readonly #mark: HeadMark
  readonly #logRoom: LogRoom
  readonly #journal: JournalTable
  readonly #states: StrategyStateTable
  readonly #announcer: EntryListeners
  readonly #afterGroup: () => Promise<void>
  readonly #commit: StatementSync
  readonly #rollback: StatementSync
  readonly #dataVersion: StatementSync
  #seenVersion: unknown
  #waiting: Job[] = []
  #isDraining = false
  #isWriting = false
  #hasWritten = false
  /** What was found to be wrong with the file. Rebuilding the mirror from it would forget what was spent: refused until a restart. */
  #damage: AutomationError | undefined
  #written: JournalEntry[] = []
  #drained: Promise<void> = Promise.resolve()

  /**
   * @param parts `announcer` is told of entries once they are durable, `afterGroup` runs after the callers were served.
   */
  constructor(parts: {
    readonly path: string
    readonly db: DatabaseSync
    readonly requireSameFile: () => void
    readonly turn: WriteTurn
    readonly mirror: Mirror
    readonly mark: HeadMark
    readonly logRoom: LogRoom
    readonly journal: JournalTable
    readonly states: StrategyStateTable
    readonly announcer: EntryListeners
    readonly afterGroup: () => Promise<void>
  }) {
    this.#path = parts.path
    this.#db = parts.db
    this.#requireSameFile = parts.requireSameFile
    this.#turn = parts.turn
    this.#mirror = parts.mirror
    this.#mark = parts.mark
    this.#logRoom = parts.logRoom
    this.#journal = parts.journal
    this.#states = parts.states
    this.#announcer = parts.announcer
    this.#afterGroup = parts.afterGroup
    this.#commit = parts.db.prepare('COMMIT')
    this.#rollback = parts.db.prepare('ROLLBACK')
    this.#dataVersion = parts.db.prepare('PRAGMA data_version')
  }

  decide<T>(decide: (state: LedgerState) => Decision<T>): Promise<T> {
    return this.#enqueue(() => {
      const { facts, at, result, states } = decide(this.#mirror.state)
      // What has no text must not leave half of its decision behind.
      const stateTexts =
        states === undefined ? noTexts : [...states].map(([key, value]) => [key, JSON.stringify(value)] as const)
      for (const sealed of this.#mirror.append(facts, at)) {
        this.#journal.append(sealed)
        if (this.#announcer.isHeard) this.#written.push(sealed.entry)
        this.#hasWritten = true
      }
      for (const [key, text] of stateTexts) {
        this.#states.save(key, text)
        this.#hasWritten = true
      }
      return result
    }) as Promise<T>
  }

  /** Any other write that is to be durable with the next group. */
  async write(write: () => void): Promise<void> {
    await this.#enqueue(() => {
      write()
      this.#hasWritten = true
    })
  }

  /** Resolves when nobody waits any more. */
  drained(): Promise<void> {
    return this.#drained
  }

  /** Takes in, outside a transaction, what other processes wrote. */
  refresh(): void {
    if (this.#isWriting) return
    const entries: JournalEntry[] = []
    try {
      this.#takeIn(entries)
    } catch (error) {
      throw this.#note(fromSqlite(error, this.#path))
    }
    this.#announcer.announce(entries)
  }

  #enqueue(run: () => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length >= waitingMax) {
        const problem = `${waitingMax} callers wait for it already; nothing was written`
        return reject(storeError('STORE_UNAVAILABLE', this.#path, problem, { retryable: true }))
      }
      this.#waiting.push({ run, resolve, reject, outcome: undefined, hasFailed: false })
      if (this.#waiting.length === 1 && !this.#isDraining) this.#drained = this.#drain()
    })
  }

  async #drain(): Promise<void> {
    this.#isDraining = true
    // Callers of this turn of the event loop are served together.
    await nextTurn()
    while (this.#waiting.length > 0) {
      try {
        await this.#turn.begin()
      } catch (error) {
        for (const job of this.#waiting.splice(0)) job.reject(error)
        break
      }
      const jobs = this.#waiting.splice(0, groupMax)
      this.#serve(jobs)
      await nextTurn()
      await this.#afterGroup()
    }
    this.#isDraining = false
  }

  /** One transaction, begun already, from first decision to last answer; synchronous, so that nobody sees the middle of it. */
  #serve(jobs: readonly Job[]): void {
    this.#isWriting = true
    this.#hasWritten = false
    this.#written = []
    const news: JournalEntry[] = []
    let isCommitting = false
    try {
      this.#requireSameFile()
      this.#takeIn(news)
      this.#logRoom.prepare()
      for (const job of jobs) this.#attempt(job)
      isCommitting = true
      if (this.#hasWritten) this.#commit.run()
      else this.#rollback.run()
    } catch (error) {
      const failure = this.#note(fromSqlite(error, this.#path, isCommitting))
      this.#undo()
      this.#isWriting = false
      this.#announcer.announce(news)
      for (const job of jobs) job.reject(failure)
      return
    }
    this.#isWriting = false
    this.#logRoom.noteCommit()
    this.#mark.note(this.#mirror.head)
    this.#announcer.announce(news)
    this.#announcer.announce(this.#written)
    for (const job of jobs) {
      if (job.hasFailed) job.reject(job.outcome)
      else job.resolve(job.outcome)
    }
  }

  /** A decision that throws is its caller's matter; a database that fails is everybody's. */
  #attempt(job: Job): void {
    try {
      job.outcome = job.run()
    } catch (error) {
      if (isDatabaseError(error) || !this.#mirror.isTrusted) throw error
      job.outcome = error
      job.hasFailed = true
    }
  }

  /** Nothing of the failed group may stay in the mirror. */
  #undo(): void {
    try {
      if (this.#db.isTransaction) this.#rollback.run()
      if (this.#damage === undefined) this.#mirror.load()
    } catch {
      // The mirror stays untrusted and refuses until a later group can read the file again.
    }
  }

  #note(failure: AutomationError): AutomationError {
    if (failure.code === 'STORE_CORRUPT') this.#damage = failure
    return failure
  }

  #takeIn(news: JournalEntry[]): void {
    if (this.#damage !== undefined) throw this.#damage
    if (!this.#mirror.isTrusted) this.#mirror.load()
    const version = this.#dataVersion.get()?.['data_version']
    if (version === this.#seenVersion) return
    this.#mirror.catchUp(entry => news.push(entry))
    this.#seenVersion = version
    if (news.length > 0) this.#turn.noteOthers()
  }
}

function isDatabaseError(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_SQLITE_ERROR'
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
