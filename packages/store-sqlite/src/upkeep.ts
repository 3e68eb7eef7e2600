import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { systemClock } from '@org/core'
import { CheckpointThread } from './checkpoint-thread.ts'
import type { Mirror } from './mirror.ts'
import { walBytesKept } from './open-database.ts'
import { sealSnapshot, snapshotSeq, writeSnapshot } from './snapshot-table.ts'
import type { WriteTurn } from './write-turn.ts'

/** The log is copied into the database when about so much was written to it. */
const checkpointBytes = 16 * 1024 * 1024
/** What a transaction writes at least, and what an entry adds: an estimate, since the file keeps its size when it is used anew. */
const bytesPerGroup = 12 * 1024
const bytesPerEntry = 1024
/** A log that fills within this time is copied on a thread; a slower one is not worth the memory of a thread. */
const busyMs = 30_000

/**
 * What keeps the file small and its opening fast. Runs between groups, when the callers have their answers. It may fail (a reader stands
 * in the way, the disk is full): nothing depends on it, it is tried again later.
 */
export class Upkeep {
  readonly #db: DatabaseSync
  readonly #path: string
  readonly #mirror: Mirror
  readonly #turn: WriteTurn
  readonly #snapshotEvery: number
  #snapshotAt: number
  #seenSeq: number
  #logBytes = 0
  readonly #thread: CheckpointThread
  #checkpointAtMs = systemClock.now()

  constructor(parts: {
    readonly db: DatabaseSync
    readonly path: string
    readonly mirror: Mirror
    readonly turn: WriteTurn
    readonly snapshotEvery: number
  }) {
    this.#db = parts.db
    this.#path = parts.path
    this.#mirror = parts.mirror
    this.#turn = parts.turn
    this.#thread = new CheckpointThread(parts.path)
    this.#snapshotEvery = parts.snapshotEvery
    this.#snapshotAt = snapshotSeq(parts.db)
    this.#seenSeq = parts.mirror.head.seq
  }

  async afterGroup(): Promise<void> {
    const { seq } = this.#mirror.head
    this.#logBytes += bytesPerGroup + bytesPerEntry * (seq - this.#seenSeq)
    this.#seenSeq = seq
    if (this.#thread.state === 'copied') {
      // Little was written during the copy. Once that is copied too, the log begins anew.
      this.#thread.rest()
      this.#checkpoint()
    } else if (this.#logBytes >= checkpointBytes && this.#thread.state !== 'copying') {
      this.#logBytes = 0
      const nowMs = systemClock.now()
      const isBusy = nowMs - this.#checkpointAtMs < busyMs
      this.#checkpointAtMs = nowMs
      if (isBusy && this.#thread.state === 'idle') this.#thread.start()
      else this.#checkpoint()
    }
    if (seq - this.#snapshotAt >= this.#snapshotEvery) {
      // Set first: a failure is not repeated at every group.
      this.#snapshotAt = seq
      // Of processes that share the file, the first one there spares the others the work.
      const newest = this.#newestSnapshot()
      if (seq - newest < this.#snapshotEvery) this.#snapshotAt = newest
      else await this.snapshot()
    }
  }

  #newestSnapshot(): number {
    try {
      return snapshotSeq(this.#db)
    } catch {
      return 0
    }
  }

  close(): Promise<void> {
    return this.#thread.close()
  }

  /** Writes a snapshot unless another process has written a younger one. */
  async snapshot(): Promise<void> {
    try {
      const snapshot = sealSnapshot(this.#mirror.state, this.#mirror.head)
      await this.#turn.begin()
      if (snapshot.seq > snapshotSeq(this.#db)) {
        writeSnapshot(this.#db, snapshot)
        this.#db.exec('COMMIT')
      } else this.#db.exec('ROLLBACK')
    } catch {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
    }
  }

  #checkpoint(): void {
    // PASSIVE stands in nobody's way and suffices while one process writes. Where several do, the log is hardly ever all copied and
    // grows; TRUNCATE then holds the writers for the moment it takes.
    try {
      this.#db.exec(`PRAGMA wal_checkpoint(${walBytes(this.#path) < 2 * walBytesKept ? 'PASSIVE' : 'TRUNCATE'})`)
    } catch {
      // Next time.
    }
  }
}

function walBytes(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
}
