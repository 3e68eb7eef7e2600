import { AutomationError, type Json, type Store } from '@org/core'
import { z } from 'zod'
import { type BookState, emptyBookState } from './book-state.ts'
import { snapshotOf, snapshotSchema, stateOf } from './snapshot.ts'
import { applyStep, type Step, stepSchema } from './steps/step.ts'

export type StatePort = Pick<Store, 'loadState' | 'saveState'>

/** Places for entries; a snapshot is written before the oldest that is needed is overwritten. */
export const logPlaces = 8_192
/** A snapshot costs as much as the book is large, so that a large book writes fewer: at least so many entries lie between two. */
const entriesMin = 512

const entrySchema = z.strictObject({ seq: z.number().int().positive(), steps: z.array(stepSchema) })

/**
 * A book's steps as they are written down: each as one small value, in places that are used again, and now and then all of the book. One value
 * is one change: what belongs together cannot be torn apart by a crash.
 */
export class StepLog {
  readonly #store: StatePort
  readonly #name: string
  readonly #state: BookState
  #seq: number
  #snapshotSeq: number
  #waiting: Step[] = []
  #tail: Promise<void> = Promise.resolve()

  private constructor(store: StatePort, name: string, state: BookState, seq: number, snapshotSeq: number) {
    this.#store = store
    this.#name = name
    this.#state = state
    this.#seq = seq
    this.#snapshotSeq = snapshotSeq
  }

  /** @throws AutomationError `STATE_UNREADABLE` */
  static async open(store: StatePort, name: string): Promise<{ readonly state: BookState; readonly log: StepLog }> {
    const saved = await store.loadState(snapshotKey(name))
    const snapshot = saved === undefined ? undefined : read(name, snapshotSchema, saved)
    const state = snapshot === undefined ? emptyBookState() : stateOf(snapshot)
    const snapshotSeq = snapshot?.seq ?? 0
    let seq = snapshotSeq
    for (;;) {
      const value = await store.loadState(entryKey(name, seq + 1))
      // The place may still hold what stood there a round ago.
      if (value === undefined || (value as { seq?: unknown }).seq !== seq + 1) break
      for (const step of read(name, entrySchema, value).steps) applyStep(state, step)
      seq++
    }
    return { state, log: new StepLog(store, name, state, seq, snapshotSeq) }
  }

  /** Writes steps down that were applied to the state already; what could not be written goes with the next. */
  append(steps: readonly Step[]): Promise<void> {
    this.#waiting.push(...steps)
    const written = this.#tail.then(() => this.#write())
    this.#tail = written.catch(() => {})
    return written
  }

  async #write(): Promise<void> {
    if (this.#waiting.length === 0) return
    const steps = this.#waiting
    this.#waiting = []
    const seq = this.#seq + 1
    // Nothing waits any more, so the state is what it is after this entry: a snapshot of it can stand for the entry.
    const isDue = seq - this.#snapshotSeq >= entriesBetween(this.#state)
    try {
      if (isDue) await this.#store.saveState(snapshotKey(this.#name), snapshotOf(this.#state, seq))
      else await this.#store.saveState(entryKey(this.#name, seq), { seq, steps } as unknown as Json)
    } catch (error) {
      this.#waiting = [...steps, ...this.#waiting]
      throw error
    }
    this.#seq = seq
    if (isDue) this.#snapshotSeq = seq
  }
}

function entriesBetween(state: BookState): number {
  const size = state.orders.size + state.receipts.size + state.books.size
  return Math.min(Math.max(entriesMin, size), logPlaces - 1)
}

function snapshotKey(name: string): string {
  return `account-book:${name}`
}

function entryKey(name: string, seq: number): string {
  return `account-book:${name}:${seq % logPlaces}`
}

function read<Schema extends z.ZodType>(name: string, schema: Schema, value: Json): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new AutomationError({
    code: 'STATE_UNREADABLE',
    message: `the account book ${name} does not fit this version: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}; run the version that wrote it, or give the venue another name`,
  })
}
