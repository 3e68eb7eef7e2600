import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { systemClock } from '@org/core'
import { turnstileOf } from './open-database.ts'
import { fromSqlite, isBusy, storeError } from './store-error.ts'

/** Who waits longer than this for the turn goes on without it: whoever holds it may hang. */
const turnWaitMsMax = 500
/** How long the one that is next blocks its thread in short naps before it waits asynchronously, and how short they are. */
const napsMax = 100
const napMs = 0.05
/** Whoever has the turn mostly gives it back within this many naps; a timer would wait for a whole group of the other's. */
const turnNapsMax = 5
/** Who wrote alone for `aloneMs` asks for the turn only so often: another that comes waits a moment longer, once. */
const aloneMs = 100
const askEveryMs = 2

/**
 * The right to write, shared fairly by all processes on one file.
 *
 * SQLite's lock alone starves: whoever commits takes it again before a sleeping waiter looks. So there is a turnstile before it, a lock
 * on a file without content beside the store: who wants to write takes the turn first, waits for the write lock while holding it, and gives the
 * turn back once it has the lock. Hence the next writer is chosen before the present one ends, and cannot be overtaken by it. The turn
 * decides only about fairness, the write lock about correctness; the operating system frees both when a process dies.
 *
 * Waits are in real time, whatever clock the program runs on: the other side is a real process.
 */
export class WriteTurn {
  readonly #path: string
  readonly #lockWaitMsMax: number
  readonly #turnstile: DatabaseSync
  readonly #takeTurn: StatementSync
  readonly #passTurn: StatementSync
  readonly #begin: StatementSync
  #othersAtMs = Number.NEGATIVE_INFINITY
  #turnAtMs = Number.NEGATIVE_INFINITY
  readonly #pause = new Int32Array(new SharedArrayBuffer(4))

  constructor(db: DatabaseSync, path: string, lockWaitMsMax: number) {
    this.#path = path
    this.#lockWaitMsMax = lockWaitMsMax
    try {
      this.#turnstile = openTurnstile(path)
      this.#takeTurn = this.#turnstile.prepare('BEGIN IMMEDIATE')
      this.#passTurn = this.#turnstile.prepare('ROLLBACK')
    } catch (error) {
      throw fromSqlite(error, turnstileOf(path))
    }
    this.#begin = db.prepare('BEGIN IMMEDIATE')
  }

  /**
   * Begins a write transaction.
   *
   * @throws AutomationError `STORE_UNAVAILABLE` (`effect: 'none'`) after the bounded wait.
   */
  async begin(): Promise<void> {
    const startedMs = systemClock.now()
    const isAlone = startedMs - this.#othersAtMs > aloneMs
    // A clock that was set back has not asked lately.
    if (isAlone && Math.abs(startedMs - this.#turnAtMs) < askEveryMs && this.#tryRun(this.#begin)) return
    let hasTurn = this.#tryRun(this.#takeTurn)
    for (
      let tries = 0;
      !hasTurn && systemClock.now() - startedMs < Math.min(turnWaitMsMax, this.#lockWaitMsMax);
      tries++
    ) {
      if (tries < turnNapsMax) this.#nap()
      else await systemClock.sleep(1)
      hasTurn = this.#tryRun(this.#takeTurn)
    }
    if (hasTurn) this.#turnAtMs = startedMs
    try {
      for (let tries = 0; !this.#tryRun(this.#begin); tries++) {
        if (systemClock.now() - startedMs >= this.#lockWaitMsMax)
          throw storeError(
            'STORE_UNAVAILABLE',
            this.#path,
            `another process has held it for ${this.#lockWaitMsMax} ms; nothing was written: find the process that hangs and end it`,
            { retryable: true },
          )
        // One process at most is here at a time, so that the naps cost one core at most, for 5 ms.
        if (tries < napsMax) this.#nap()
        else await systemClock.sleep(1)
      }
    } finally {
      if (hasTurn) this.#passTurn.run()
    }
  }

  /** To be called when another process was found to have written. */
  noteOthers(): void {
    this.#othersAtMs = systemClock.now()
  }

  close(): void {
    this.#turnstile.close()
  }

  #nap(): void {
    Atomics.wait(this.#pause, 0, 0, napMs)
  }

  #tryRun(statement: StatementSync): boolean {
    try {
      statement.run()
      return true
    } catch (error) {
      if (isBusy(error)) return false
      throw fromSqlite(error, this.#path)
    }
  }
}

/** In WAL mode its lock costs a tenth: 5 µs to take and give back instead of 47. */
function openTurnstile(path: string): DatabaseSync {
  const turnstile = new DatabaseSync(turnstileOf(path), { timeout: 0 })
  try {
    turnstile.exec('PRAGMA journal_mode = WAL')
  } catch (error) {
    // Another process has it right now. It works in either mode, and the mode is the file's: a later start changes it for all.
    if (!isBusy(error)) {
      turnstile.close()
      throw error
    }
  }
  return turnstile
}
