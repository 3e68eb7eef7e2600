import {
  AutomationError,
  emptyLedger,
  entryTime,
  evolve,
  type Fact,
  genesisHash,
  type JournalEntry,
  type Json,
  type LedgerState,
  nextEntry,
  type Store,
} from '@org/core'
import type { StoreSubject } from '@org/testkit'

/** One promise broken on purpose. */
export type Defect =
  | 'forgets the last fact of a batch'
  | 'mixes up the order of a batch'
  | 'decides on a stale mirror'
  | 'decides before it takes in what others wrote'
  | 'answers before it is durable'
  | 'takes the time as it comes'
  | 'never sets the time back'
  | 'tells listeners before it commits'
  | 'tells listeners after it answered'
  | 'tells listeners nothing of other handles'
  | 'counts journal positions from zero'
  | 'fails the neighbours of a throwing decision'
  | 'wraps the error of a decision'
  | 'notes decisions without facts'
  | 'starts the hash chain anew at each start'
  | 'forgets states at the end'
  | 'hands out its own copy of a state'
  | 'writes after it was closed'
  | 'drops states of decisions'
  | 'saves states of failed decisions'

interface File {
  readonly entries: JournalEntry[]
  readonly values: Map<string, string>
}

/** Stores on "files" in memory that can be opened again and shared, sound but for `defect`. */
export function sharedMemoryStores(defect?: Defect): StoreSubject {
  const files = new WeakMap<Store, File>()
  const open = (file: File): Store => {
    const store = openStore(file, defect)
    files.set(store, file)
    return store
  }
  return {
    create: () => open({ entries: [], values: new Map() }),
    reopen: async store => open(files.get(store) as File),
  }
}

function openStore(file: File, defect: Defect | undefined): Store {
  const state: LedgerState = emptyLedger()
  const listeners = new Set<(entry: JournalEntry) => void>()
  const lent = new Map<string, Json>()
  let head = { seq: 0, hash: genesisHash, at: 0 }
  let isFirst = true
  let closed = false
  let queue: Promise<unknown> = Promise.resolve()

  const tell = (entry: JournalEntry) => {
    for (const listener of listeners) listener(entry)
  }
  const catchUp = (isQuiet: boolean) => {
    for (const entry of file.entries.slice(head.seq)) {
      evolve(state, entry.fact, entry.at)
      head = entry
      if (!isQuiet) tell(entry)
    }
  }
  const ensureOpen = () => {
    if (closed && defect !== 'writes after it was closed')
      throw new AutomationError({ code: 'STORE_UNAVAILABLE', message: 'closed' })
  }
  catchUp(true)

  return {
    async commit(decide) {
      ensureOpen()
      const isStale = defect === 'decides on a stale mirror'
      if (!isStale && defect !== 'decides before it takes in what others wrote')
        catchUp(defect === 'tells listeners nothing of other handles')
      let decided: ReturnType<typeof decide>
      try {
        decided = decide(state)
      } catch (error) {
        if (defect === 'wraps the error of a decision') throw new Error('a decision failed', { cause: error })
        if (defect === 'fails the neighbours of a throwing decision') closed = true
        throw error
      }
      if (!isStale) catchUp(defect === 'tells listeners nothing of other handles')
      const saveStates = () => {
        for (const [key, value] of decided.states ?? []) file.values.set(key, JSON.stringify(value))
      }
      if (defect === 'saves states of failed decisions') saveStates()
      let facts = [...decided.facts]
      if (defect === 'forgets the last fact of a batch' && facts.length > 1) facts = facts.slice(0, -1)
      if (defect === 'mixes up the order of a batch') facts.reverse()
      if (defect === 'notes decisions without facts' && facts.length === 0)
        facts = [{ type: 'state-changed', scope: 'none', state: 'active', reason: 'empty', by: 'store' }]
      const entries: JournalEntry[] = []
      let last = head
      if (defect === 'starts the hash chain anew at each start' && isFirst) last = { ...head, hash: genesisHash }
      isFirst = false
      for (const fact of facts) {
        last = nextEntry(last, fact, timeOf(defect, last.at, fact, decided.at))
        entries.push(last as JournalEntry)
      }
      if (defect === 'tells listeners before it commits') entries.forEach(tell)
      for (const entry of entries) evolve(state, entry.fact, entry.at)
      head = last
      if (defect !== 'drops states of decisions') saveStates()
      const write = () => {
        file.entries.push(...entries)
        if (defect !== 'tells listeners before it commits') entries.forEach(tell)
      }
      if (defect === 'answers before it is durable') queue = queue.then(() => new Promise(setImmediate)).then(write)
      else if (defect === 'tells listeners after it answered') {
        file.entries.push(...entries)
        setImmediate(() => entries.forEach(tell))
      } else write()
      return decided.result
    },
    read: () => state,
    async *journal(range = {}) {
      const afterSeq = range.afterSeq ?? 0
      const from = defect === 'counts journal positions from zero' && afterSeq > 0 ? afterSeq + 1 : afterSeq
      yield* file.entries.slice(from)
    },
    digest: () => head.hash,
    async loadState(key) {
      const kept = defect === 'hands out its own copy of a state' ? lent.get(key) : undefined
      const text = file.values.get(key)
      return kept ?? (text === undefined ? undefined : (JSON.parse(text) as Json))
    },
    async saveState(key, value) {
      ensureOpen()
      if (defect === 'forgets states at the end') lent.set(key, value)
      file.values.set(key, JSON.stringify(value))
      lent.set(key, value)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      closed = true
      if (defect === 'forgets states at the end') file.values.clear()
    },
  }
}

function timeOf(defect: Defect | undefined, previousAt: number, fact: Fact, at: number): number {
  if (defect === 'takes the time as it comes') return at
  return defect === 'never sets the time back' ? Math.max(previousAt, at) : entryTime(previousAt, fact, at)
}
