import { AutomationError, type Clock, type Json, type Store } from '@org/core'
import { z } from 'zod'

export type StatePort = Pick<Store, 'loadState' | 'saveState'>

/** What a log keeps: a state that changes by steps alone, so that the same steps give the same state. */
export interface Logged<State, Step> {
  /** First part of its keys in the store, such as `account-book`. */
  readonly kind: string
  empty(): State
  apply(state: State, step: Step): void
  readonly stepSchema: z.ZodType<Step>
  /** What `snapshotOf` gives, read back. */
  readonly snapshotSchema: z.ZodType<State>
  snapshotOf(state: State): Json
  /** How many things are in it; a snapshot costs as much. */
  sizeOf(state: State): number
}

/** Places for entries; a snapshot is written before the oldest that is needed is overwritten. */
const logPlaces = 32_768
/** A snapshot costs as much as the state is large, so that a large one writes fewer: at least so many entries lie between two. */
const entriesMin = 512

/**
 * Steps as they are written down: each as one small value, in places that are used again, and now and then all of the state. One value is one
 * change: what belongs together cannot be torn apart by a crash.
 */
export class StepLog<State, Step> {
  readonly state: State
  readonly #logged: Logged<State, Step>
  readonly #store: StatePort
  readonly #name: string
  #seq: number
  #snapshotSeq: number
  #waiting: Step[] = []
  #tail: Promise<void> = Promise.resolve()

  private constructor(logged: Logged<State, Step>, store: StatePort, name: string, read: ReadBack<State>) {
    this.#logged = logged
    this.#store = store
    this.#name = name
    this.state = read.state
    this.#seq = read.seq
    this.#snapshotSeq = read.snapshotSeq
  }

  /** @throws AutomationError `STATE_UNREADABLE` when what was written down does not fit this version. */
  static async open<State, Step>(
    logged: Logged<State, Step>,
    name: string,
    store: StatePort,
  ): Promise<StepLog<State, Step>> {
    return new StepLog(logged, store, name, await readBack(logged, name, store))
  }

  /** Applies steps at once, and resolves when they are written down; what could not be written goes with the next. */
  take(steps: readonly Step[]): Promise<void> {
    for (const step of steps) this.#logged.apply(this.state, step)
    if (this.#store === nowhere) return this.#tail
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
    const isDue = seq - this.#snapshotSeq >= this.#entriesBetween()
    const key = isDue ? snapshotKey(this.#logged, this.#name) : entryKey(this.#logged, this.#name, seq)
    const value = isDue ? { seq, state: this.#logged.snapshotOf(this.state) } : { seq, steps }
    try {
      await this.#store.saveState(key, value as unknown as Json)
    } catch (error) {
      this.#waiting = [...steps, ...this.#waiting]
      throw error
    }
    this.#seq = seq
    if (isDue) this.#snapshotSeq = seq
  }

  #entriesBetween(): number {
    return Math.min(Math.max(entriesMin, this.#logged.sizeOf(this.state)), logPlaces - 1)
  }
}

/** Its promises count as work of the real world, so that a virtual clock waits for them. */
export function trackedPort(store: StatePort, clock: Clock): StatePort {
  return {
    loadState: key => clock.track(store.loadState(key)),
    saveState: (key, value) => clock.track(store.saveState(key, value)),
  }
}

/** Where nothing is kept. */
export const nowhere: StatePort = { loadState: async () => undefined, saveState: async () => {} }

interface ReadBack<State> {
  readonly state: State
  readonly seq: number
  readonly snapshotSeq: number
}

async function readBack<State, Step>(
  logged: Logged<State, Step>,
  name: string,
  store: StatePort,
): Promise<ReadBack<State>> {
  const count = z.number().int().min(0)
  const saved = await store.loadState(snapshotKey(logged, name))
  const snapshot =
    saved === undefined
      ? { seq: 0, state: logged.empty() }
      : read(logged, name, z.strictObject({ seq: count, state: logged.snapshotSchema }), saved)
  const state = snapshot.state as State
  const entrySchema = z.strictObject({ seq: count, steps: z.array(logged.stepSchema) })
  let seq = snapshot.seq
  for (;;) {
    const value = await store.loadState(entryKey(logged, name, seq + 1))
    // The place may still hold what stood there a round ago.
    if (value === undefined || (value as { seq?: unknown }).seq !== seq + 1) break
    for (const step of read(logged, name, entrySchema, value).steps) logged.apply(state, step)
    seq++
  }
  return { state, seq, snapshotSeq: snapshot.seq }
}

function snapshotKey({ kind }: { readonly kind: string }, name: string): string {
  return `${kind}:${name}`
}

function entryKey({ kind }: { readonly kind: string }, name: string, seq: number): string {
  return `${kind}:${name}:${seq % logPlaces}`
}

function read<Schema extends z.ZodType>(
  { kind }: { readonly kind: string },
  name: string,
  schema: Schema,
  value: Json,
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new AutomationError({
    code: 'STATE_UNREADABLE',
    message: `the ${kind} ${name} does not fit this version: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}; run the version that wrote it, or give the venue another name`,
  })
}
