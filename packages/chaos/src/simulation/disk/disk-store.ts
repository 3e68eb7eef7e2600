import {
  AutomationError,
  type Decision,
  emptyLedger,
  entryTime,
  evolve,
  type JournalEntry,
  type Json,
  type LedgerState,
  ledgerFromText,
  ledgerToText,
  nextEntry,
  type Store,
} from '@org/core'
import type { SimProcess } from '../process/sim-process.ts'
import type { Lock } from './file-lock.ts'
import { beginning, endRecord, entryRecord, type Head, type ReadGroups, stateRecord } from './log-format.ts'
import type { Disk } from './sim-disk.ts'

/** Entries between two snapshots of the ledger. */
const snapshotEvery = 50

/** How long another process may hold the file before a commit is refused. */
const lockWaitMsMax = 5_000

/** The ledger and the states after the first `offset` writes. */
interface Snapshot {
  readonly offset: number
  readonly head: Head
  readonly values: readonly (readonly [string, string])[]
  readonly ledger: string
}

interface Job {
  readonly run: () => { readonly records: readonly string[]; readonly result: unknown }
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * A store on the simulated disk, made like a real one: many processes on one file, a lock for writing, all that wait share one group of
 * records and one sync, and recovery takes the longest whole and proved part of the file.
 */
export class DiskStore implements Store {
  readonly #disk: Disk
  readonly #lock: Lock
  readonly #process: SimProcess
  readonly #readGroups: ReadGroups
  readonly #listeners = new Set<(entry: JournalEntry) => void>()
  #state: LedgerState = emptyLedger()
  #head: Head = beginning
  #values = new Map<string, string>()
  #offset = 0
  #waiting: Job[] = []
  #isDraining = false
  #isWriting = false
  #written: JournalEntry[] = []
  #closed = false
  #snapshotSeq = 0

  constructor(parts: {
    readonly disk: Disk
    readonly lock: Lock
    readonly process: SimProcess
    readonly readGroups: ReadGroups
  }) {
    this.#disk = parts.disk
    this.#lock = parts.lock
    this.#process = parts.process
    this.#readGroups = parts.readGroups
    this.#load()
  }

  commit<T>(decide: (state: LedgerState) => Decision<T>): Promise<T> {
    return this.#enqueue(() => {
      const { facts, at, result, states } = decide(this.#state)
      const stateTexts = [...(states ?? [])].map(([key, value]) => [key, JSON.stringify(value)] as const)
      const entries: JournalEntry[] = []
      let head = this.#head
      for (const fact of facts) {
        const entry = nextEntry(head, fact, entryTime(head.at, fact, at))
        entries.push(entry)
        head = entry
      }
      for (const entry of entries) evolve(this.#state, entry.fact, entry.at)
      this.#head = head
      this.#written.push(...entries)
      for (const [key, text] of stateTexts) this.#values.set(key, text)
      return {
        records: [...entries.map(entryRecord), ...stateTexts.map(([key, text]) => stateRecord(key, text))],
        result,
      }
    }) as Promise<T>
  }

  read(): LedgerState {
    if (!this.#isWriting) this.#takeIn()
    return this.#state
  }

  async *journal(range: { readonly afterSeq?: number } = {}): AsyncIterable<JournalEntry> {
    const { afterSeq = 0 } = range
    for (const { entries } of this.#readGroups(this.#disk.writes.slice(0, this.#offset), 0, beginning))
      for (const entry of entries) if (entry.seq > afterSeq) yield entry
  }

  digest(): string {
    return this.#head.hash
  }

  /** The state in memory, as it is. */
  get state(): LedgerState {
    return this.#state
  }

  /** Whether it is ahead of the disk just now. */
  get isWriting(): boolean {
    return this.#isWriting
  }

  async loadState(key: string): Promise<Json | undefined> {
    this.read()
    const text = this.#values.get(key)
    return text === undefined ? undefined : (JSON.parse(text) as Json)
  }

  async saveState(key: string, value: Json): Promise<void> {
    const text = JSON.stringify(value)
    await this.#enqueue(() => {
      this.#values.set(key, text)
      return { records: [stateRecord(key, text)], result: undefined }
    })
  }

  subscribe(listener: (entry: JournalEntry) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  #enqueue(run: Job['run']): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(refusal('the store is closed'))
      this.#waiting.push({ run, resolve, reject })
      if (!this.#isDraining) void this.#drain()
    })
  }

  async #drain(): Promise<void> {
    this.#isDraining = true
    while (this.#waiting.length > 0) {
      const isHeld = await this.#lock.acquire(this.#process, lockWaitMsMax)
      if (isHeld) await this.#serve()
      else {
        this.#process.world.onStoreRefusal()
        for (const job of this.#waiting.splice(0)) job.reject(refusal('another process holds the file'))
      }
    }
    this.#isDraining = false
  }

  /** One group, under the lock: catch up, decide, write, sync; only then does anybody hear of it. */
  async #serve(): Promise<void> {
    let jobs: Job[] = []
    const answers: (() => void)[] = []
    this.#written = []
    try {
      await this.#recover()
      jobs = this.#waiting.splice(0)
      this.#isWriting = true
      const records: string[] = []
      for (const { run, resolve, reject } of jobs) {
        try {
          const outcome = run()
          records.push(...outcome.records)
          answers.push(() => resolve(outcome.result))
        } catch (error) {
          answers.push(() => reject(error))
        }
      }
      if (records.length > 0) {
        for (const record of records) await this.#disk.append(record)
        await this.#disk.append(endRecord(records.length, this.#head.hash))
        await this.#disk.sync()
        this.#offset = this.#disk.writes.length
      }
      this.#isWriting = false
    } catch (error) {
      this.#process.world.onStoreRefusal()
      this.#isWriting = false
      this.#reload()
      this.#lock.release(this.#process)
      for (const job of [...jobs, ...this.#waiting.splice(0)]) job.reject(refusal(String(error)))
      return
    }
    this.#tell(this.#written)
    for (const answer of answers) answer()
    if (this.#head.seq - this.#snapshotSeq >= snapshotEvery) await this.#snapshot()
    this.#lock.release(this.#process)
  }

  /** Spares the next start the way through all of history. It is on the disk with the next group, or lost: nothing rests on it. */
  async #snapshot(): Promise<void> {
    const image: Snapshot = {
      offset: this.#offset,
      head: { seq: this.#head.seq, hash: this.#head.hash, at: this.#head.at },
      values: [...this.#values],
      ledger: ledgerToText(this.#state),
    }
    this.#snapshotSeq = this.#head.seq
    await this.#disk.writeSnapshot(JSON.stringify(image)).catch(() => {})
  }

  /** Takes in what others wrote, and drops what a dead one left half written. Nothing is decided on what is not on the disk. */
  async #recover(): Promise<void> {
    const groups = this.#readGroups(this.#disk.writes, this.#offset, this.#head)
    const end = groups.at(-1)?.end ?? this.#offset
    if (end < this.#disk.writes.length) this.#disk.truncate(end)
    if (this.#disk.syncedCount < end) await this.#disk.sync()
    this.#takeIn()
  }

  #takeIn(): void {
    if (this.#offset === this.#disk.syncedCount) return
    const synced = this.#disk.writes.slice(0, this.#disk.syncedCount)
    for (const { entries, states, end } of this.#readGroups(synced, this.#offset, this.#head)) {
      for (const entry of entries) {
        evolve(this.#state, entry.fact, entry.at)
        this.#head = entry
      }
      for (const { key, text } of states) this.#values.set(key, text)
      this.#offset = end
      this.#tell(entries)
    }
  }

  /** After a failed write the memory is built anew from what is certain. */
  #reload(): void {
    const listeners = [...this.#listeners]
    this.#listeners.clear()
    this.#load()
    for (const listener of listeners) this.#listeners.add(listener)
  }

  /** The newest snapshot, then the groups after it. */
  #load(): void {
    const text = this.#disk.readSnapshot()
    const image = text === undefined ? undefined : (JSON.parse(text) as Snapshot)
    this.#state = image === undefined ? emptyLedger() : ledgerFromText(image.ledger)
    this.#head = image?.head ?? beginning
    this.#snapshotSeq = this.#head.seq
    this.#values = new Map(image?.values)
    this.#offset = image?.offset ?? 0
    this.#takeIn()
  }

  #tell(entries: readonly JournalEntry[]): void {
    for (const entry of entries) for (const listener of this.#listeners) listener(entry)
  }
}

function refusal(problem: string): AutomationError {
  return new AutomationError({
    code: 'STORE_UNAVAILABLE',
    message: `the store refused: ${problem}`,
    effect: 'unknown',
    retryable: true,
  })
}
