import { randomUUID } from 'node:crypto'
import { AutomationError, type Clock, type Json, type Store } from '@org/core'
import { z } from 'zod'

export type StatePort = Pick<Store, 'loadState' | 'saveState'>

/** What a log keeps: a state that changes by steps alone, so that the same steps give the same state. A step taken twice counts once. */
export interface Logged<State, Step> {
  /** First part of its keys in the store, such as `account-book`. */
  readonly kind: string
  /**
   * May several processes write one log, so that each takes in what the others wrote? Where not, one that finds another's steps stops writing.
   */
  readonly isShared: boolean
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
/** So many of one's own entries are looked at again when another has written. */
const ownMax = 32
/** Two that disturb each other so often in a row leave the rest to the next write. */
const roundsMax = 16

/**
 * Steps as they are written down: each as one small value, in places that are used again, and now and then all of the state. One value is one
 * change: what belongs together cannot be torn apart by a crash.
 *
 * Who writes says so first, in a value that every writer looks at before and after each entry: one that finds another's name there takes in what
 * the other wrote, or stops. A store has no compare-and-set for such values; an entry that was overwritten in the moment between look and write is
 * noticed, at one of the next writes at the latest, and written again.
 */
export class StepLog<State, Step> {
  readonly state: State
  readonly #logged: Logged<State, Step>
  readonly #store: StatePort
  readonly #name: string
  readonly #me = randomUUID()
  #seq: number
  #snapshotSeq: number
  /** The newest entries written here, which another's may have overwritten. */
  #own: { readonly seq: number; readonly steps: readonly Step[] }[] = []
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

  /**
   * Applies steps at once, and resolves when they are written down; what could not be written goes with the next.
   *
   * @throws AutomationError `ACCOUNT_IN_USE` where another process has written since, and the log is not shared.
   */
  take(steps: readonly Step[]): Promise<void> {
    for (const step of steps) this.#logged.apply(this.state, step)
    if (this.#store === nowhere) return this.#tail
    this.#waiting.push(...steps)
    return this.#inTurn(() => this.#write())
  }

  /** Takes in what other processes have written. */
  catchUp(): Promise<void> {
    if (this.#store === nowhere) return this.#tail
    return this.#inTurn(async () => {
      if (!(await this.#isOwner())) await this.#follow()
    })
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#tail.then(work)
    this.#tail = done.catch(() => {})
    return done
  }

  async #write(): Promise<void> {
    for (let round = 0; this.#waiting.length > 0 && round < roundsMax; round++) {
      if (!(await this.#isOwner())) {
        // What must not be shared is not claimed from another either.
        if (!this.#logged.isShared) await this.#follow()
        await this.#claim()
        await this.#follow()
      }
      await this.#writeEntry()
      // Whoever wrote in between may stand in this one's place, or this one in his: both look again.
      if (await this.#isOwner()) continue
      await this.#claim()
      await this.#follow()
    }
  }

  async #writeEntry(): Promise<void> {
    const steps = this.#waiting
    this.#waiting = []
    const seq = this.#seq + 1
    // Nothing waits any more, so the state is what it is after this entry.
    const isDue = seq - this.#snapshotSeq >= this.#entriesBetween()
    const snapshot = isDue ? { seq, state: this.#logged.snapshotOf(this.state) } : undefined
    const entry = { seq, by: this.#me, steps }
    try {
      await this.#store.saveState(entryKey(this.#logged, this.#name, seq), entry as unknown as Json)
    } catch (error) {
      this.#waiting = [...steps, ...this.#waiting]
      throw error
    }
    this.#seq = seq
    this.#own.push({ seq, steps })
    if (this.#own.length > ownMax) this.#own.shift()
    if (snapshot === undefined) return
    await this.#store.saveState(snapshotKey(this.#logged, this.#name), snapshot)
    this.#snapshotSeq = seq
  }

  async #isOwner(): Promise<boolean> {
    return (await this.#store.loadState(ownerKey(this.#logged, this.#name))) === this.#me
  }

  #claim(): Promise<void> {
    return this.#store.saveState(ownerKey(this.#logged, this.#name), this.#me)
  }

  /** Takes in what another wrote after what was read or written here last. */
  async #follow(): Promise<void> {
    for (const own of [...this.#own]) {
      const there = await readEntry(this.#logged, this.#name, this.#store, own.seq, this.#me)
      if (there === undefined) continue
      this.#takeOver(there.steps)
      this.#waiting.push(...own.steps)
      this.#own = this.#own.filter(each => each !== own)
    }
    for (;;) {
      const entry = await readEntry(this.#logged, this.#name, this.#store, this.#seq + 1)
      if (entry === undefined) return
      this.#takeOver(entry.steps)
      this.#seq++
    }
  }

  #takeOver(steps: readonly Step[]): void {
    if (!this.#logged.isShared) throw inUse(this.#logged.kind, this.#name)
    for (const step of steps) this.#logged.apply(this.state, step)
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
  let seq = snapshot.seq
  for (;;) {
    const entry = await readEntry(logged, name, store, seq + 1)
    if (entry === undefined) return { state, seq, snapshotSeq: snapshot.seq }
    for (const step of entry.steps) logged.apply(state, step)
    seq++
  }
}

interface Entry<Step> {
  readonly by: string
  readonly steps: readonly Step[]
}

/** `undefined` where the place is empty, still holds what stood there a round ago, or what `exceptBy` wrote. */
async function readEntry<State, Step>(
  logged: Logged<State, Step>,
  name: string,
  store: StatePort,
  seq: number,
  exceptBy?: string,
): Promise<Entry<Step> | undefined> {
  const value = await store.loadState(entryKey(logged, name, seq))
  const { seq: there, by } = (value ?? {}) as { readonly seq?: unknown; readonly by?: unknown }
  if (value === undefined || there !== seq || (exceptBy !== undefined && by === exceptBy)) return undefined
  const schema = z.strictObject({ seq: z.number(), by: z.string(), steps: z.array(logged.stepSchema) })
  return read(logged, name, schema, value)
}

function snapshotKey({ kind }: { readonly kind: string }, name: string): string {
  return `${kind}:${name}`
}

function ownerKey({ kind }: { readonly kind: string }, name: string): string {
  return `${kind}:${name}:owner`
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

function inUse(kind: string, name: string): AutomationError {
  return new AutomationError({
    code: 'ACCOUNT_IN_USE',
    message: `the ${kind} ${name} was written by another process since it was opened here; give the venue of each process an id of its own`,
    effect: 'unknown',
  })
}
