import {
  AutomationError,
  entryHash,
  evolve,
  type Fact,
  type JournalEntry,
  type LedgerState,
  ledgerFromText,
  ledgerToText,
  type Store,
  zeroMicros,
} from '@org/core'
import type { Decorations } from '../decorations.ts'
import type { Group, ReadGroups } from '../disk/log-format.ts'
import { changingFacts, changingRisk, delegate } from './delegate.ts'

/** A bug planted on purpose: a real part, decorated so that it breaks one promise. */
export interface Mutation {
  readonly bug: string
  readonly decorations: Decorations
}

const facts = (change: Parameters<typeof changingFacts>[1]): Decorations => ({
  store: store => changingFacts(store, change),
})

/** Bugs of the ledger and the risk manager. */
const ledgerBugs: readonly Mutation[] = [
  {
    bug: 'releases twice',
    decorations: facts(decided =>
      decided.flatMap<Fact>(fact => (fact.type === 'intent-released' ? [fact, fact] : fact)),
    ),
  },
  {
    bug: 'settles without the journal',
    decorations: facts((decided, state, at) => {
      const settled = decided.filter(fact => fact.type === 'intent-settled')
      for (const fact of settled) evolve(state, fact, at)
      return decided.filter(fact => fact.type !== 'intent-settled')
    }),
  },
  {
    bug: 'does not reserve one of the matching budgets',
    decorations: facts(decided => decided.map(withoutOneAmount)),
  },
  {
    bug: 'reserves a cent too little',
    decorations: facts(decided => decided.map(fact => withAmounts(fact, amount => amount - 10_000))),
  },
  {
    bug: 'lets a sent intent expire',
    decorations: facts((decided, state, at) => [...expiredThoughSent(decided, state, at), ...decided]),
  },
  {
    bug: 'posts what was reserved instead of what happened',
    decorations: facts((decided, state) =>
      decided.map(fact =>
        fact.type === 'intent-settled'
          ? { ...fact, postings: state.reservations.get(fact.reservationId)?.requested ?? [] }
          : fact,
      ),
    ),
  },
  {
    bug: 'forgets a gain',
    decorations: facts(decided =>
      decided.map(fact =>
        fact.type === 'intent-settled'
          ? { ...fact, postings: fact.postings.filter(({ measure, amount }) => measure !== 'loss' || amount >= 0) }
          : fact,
      ),
    ),
  },
  {
    bug: 'skips the budget check in the second process',
    decorations: { store: (store, process) => (process.slot === 1 ? decidingOn(store, emptied) : store) },
  },
  {
    bug: 'decides on what the process knew when it started',
    decorations: {
      store: store => {
        const old = ledgerFromText(ledgerToText(store.read()))
        return decidingOn(store, state => ({ ...state, budgets: old.budgets }))
      },
    },
  },
  {
    bug: 'refuses to reduce when halted',
    decorations: {
      risk: risk =>
        changingRisk(risk, {
          reserve: intent =>
            risk.state(intent) === 'halted' ? risk.reserve({ ...intent, reduces: false }) : risk.reserve(intent),
        }),
    },
  },
  {
    bug: 'refuses to reduce when a budget is spent',
    decorations: {
      risk: risk =>
        changingRisk(risk, {
          reserve: intent => {
            const stake = { measure: 'exposure', amount: 10 }
            return risk.reserve(
              intent.reduces ? { ...intent, reduces: false, effects: [...intent.effects, stake] } : intent,
            )
          },
        }),
    },
  },
  {
    bug: 'lets go of a breaker at a restart',
    decorations: {
      store: store => {
        for (const budget of store.read().budgets.values()) delete budget.breaker
        return store
      },
    },
  },
  {
    bug: 'judges drawdowns by the start, not by the peak',
    decorations: { store: store => decidingOn(store, withoutPeaks) },
  },
  {
    bug: 'reserves one leg of two',
    decorations: facts(decided => {
      const reserved = decided.filter(fact => fact.type === 'intent-reserved')
      return reserved.length > 1 ? decided.filter(fact => fact !== reserved.at(-1)) : decided
    }),
  },
  {
    bug: 'takes off more than is there',
    decorations: { store: store => decidingOn(store, withoutStakes) },
  },
  {
    bug: 'lets a limit bind that was lowered by hand only after a restart',
    decorations: {
      store: store => {
        const old = new Map(store.read().constraints)
        return decidingOn(store, state => (old.size === 0 ? state : { ...state, constraints: old }))
      },
    },
  },
  {
    bug: 'ignores the kill switch in one process',
    decorations: {
      store: (store, process) =>
        process.slot === 0
          ? delegate(decidingOn(store, withoutStops), { read: () => withoutStops(store.read()) })
          : store,
    },
  },
]

/** Bugs between the gate and a venue. */
const gateBugs: readonly Mutation[] = [
  {
    bug: 'retries without a look-up',
    decorations: {
      venue: venue =>
        delegate(venue, {
          execute: (intent, options) =>
            venue.execute(intent, options).catch(error => {
              if (AutomationError.isInstance(error) && error.effect === 'unknown') return venue.execute(intent, options)
              throw error
            }),
        }),
    },
  },
  {
    bug: 'retries under a new key',
    decorations: {
      venue: venue =>
        delegate(venue, {
          execute: (intent, options) =>
            venue
              .execute(intent, options)
              .catch(() => venue.execute(intent, { ...options, idempotencyKey: `${options.idempotencyKey}-again` })),
        }),
    },
  },
  {
    bug: 'takes no answer for no effect',
    decorations: {
      venue: venue =>
        delegate(venue, {
          execute: (intent, options) =>
            venue.execute(intent, options).catch(cause => {
              throw new AutomationError({ code: 'FAILED', message: 'it failed', cause })
            }),
        }),
    },
  },
  {
    bug: 'takes "not yet known" for "not done"',
    decorations: {
      venue: venue =>
        delegate(venue, {
          reconcile: async (intent, options) => {
            const fate = await venue.reconcile(intent, options)
            return fate.status === 'unknown' ? { status: 'not-done' } : fate
          },
        }),
    },
  },
  {
    bug: 'sends before "sent" is durable',
    decorations: {
      risk: risk =>
        changingRisk(risk, {
          markSent: async (id, key) => {
            void risk.markSent(id, key).catch(() => {})
          },
        }),
    },
  },
  {
    bug: 'does not write "sent" at all',
    decorations: { risk: risk => changingRisk(risk, { markSent: async () => {} }) },
  },
  {
    bug: 'never asks what became of an intent in doubt',
    decorations: { risk: risk => changingRisk(risk, { openReservations: () => [] }) },
  },
  {
    bug: 'settles and records the same result',
    decorations: {
      risk: risk =>
        changingRisk(risk, {
          settle: async (id, postings, receipt) => {
            const intent = risk.openReservations().find(open => open.id === id)?.intent
            const result = await risk.settle(id, postings, receipt)
            if (intent !== undefined) await risk.record({ ...intent, postings, note: 'again', intentId: intent.id })
            return result
          },
        }),
    },
  },
  {
    bug: 'does not record what comes after the release',
    decorations: {
      risk: risk =>
        changingRisk(risk, {
          record: async result => {
            if (result.intentId === undefined) await risk.record(result)
          },
        }),
    },
  },
  {
    bug: 'releases what it was told is done',
    decorations: {
      risk: risk =>
        changingRisk(risk, {
          settle: async (id, postings, receipt) => {
            if (postings.every(({ amount }) => Number(amount) !== 0)) return risk.settle(id, postings, receipt)
            await risk.release(id, 'nothing to post')
            return 'settled'
          },
        }),
    },
  },
]

/** Bugs of the store and the disk below it. */
const storeBugs: readonly Mutation[] = [
  {
    bug: 'answers before the disk has synced',
    decorations: {
      disk: (disk, process) =>
        delegate(disk, {
          sync: async () => {
            void process.clock.sleep(1_000).then(() => disk.sync())
          },
        }),
    },
  },
  { bug: 'never syncs', decorations: { disk: disk => delegate(disk, { sync: async () => {} }) } },
  {
    bug: 'does not verify the chain after a torn write',
    decorations: { readGroups: readGroups => trusting(readGroups) },
  },
  {
    bug: 'keeps half of a group after a crash',
    decorations: { disk: disk => delegate(disk, { truncate: () => {} }) },
  },
  {
    bug: 'does not keep the peak of a drawdown',
    decorations: {
      disk: disk =>
        delegate(disk, {
          writeSnapshot: text => disk.writeSnapshot(text.replaceAll(/\\"trough\\":-\d+/g, '\\"trough\\":0')),
        }),
    },
  },
  {
    bug: 'writes without the lock',
    decorations: { lock: lock => delegate(lock, { acquire: async () => true }) },
  },
  {
    bug: 'overtakes a paused process that holds the lock',
    decorations: {
      lock: lock =>
        delegate(lock, { acquire: async (process, waitMsMax) => (await lock.acquire(process, waitMsMax)) || true }),
    },
  },
]

/** Every planted bug; chaos has to find each. */
export const mutations: readonly Mutation[] = [...ledgerBugs, ...gateBugs, ...storeBugs]

function withAmounts(fact: Fact, change: (amount: number) => number): Fact {
  if (fact.type !== 'intent-reserved') return fact
  return {
    ...fact,
    amounts: fact.amounts.map(taking => ({ ...taking, amount: change(taking.amount) as typeof taking.amount })),
  }
}

function withoutOneAmount(fact: Fact): Fact {
  return fact.type === 'intent-reserved' && fact.amounts.length > 3 ? { ...fact, amounts: fact.amounts.slice(1) } : fact
}

function expiredThoughSent(decided: readonly Fact[], state: LedgerState, at: number): Fact[] {
  const named = new Set(decided.map(fact => ('reservationId' in fact ? fact.reservationId : undefined)))
  return [...state.reservations.values()]
    .filter(({ id, idempotencyKey, expiresAt }) => idempotencyKey !== undefined && at >= expiresAt && !named.has(id))
    .map(({ id }) => ({ type: 'intent-released', reservationId: id, reason: 'expired' }))
}

/** A store whose decisions see something else than the newest state. */
function decidingOn(store: Store, seen: (state: LedgerState) => LedgerState): Store {
  return delegate<Store>(store, { commit: decide => store.commit(state => decide(seen(state))) })
}

function emptied(state: LedgerState): LedgerState {
  return { ...state, budgets: new Map() }
}

function withoutPeaks(state: LedgerState): LedgerState {
  return {
    ...state,
    budgets: new Map([...state.budgets].map(([key, budget]) => [key, { ...budget, trough: zeroMicros }])),
  }
}

function withoutStakes(state: LedgerState): LedgerState {
  return { ...state, exposure: { ...state.exposure, stakes: new Map() } }
}

function withoutStops(state: LedgerState): LedgerState {
  return { ...state, tradingStates: new Map() }
}

/** Reads whatever can be parsed, and mends the chain so that it goes on from there. */
function trusting(readGroups: ReadGroups): ReadGroups {
  return (writes, from, head) => {
    const groups: Group[] = []
    let last = head
    let at = from
    while (at < writes.length) {
      const proved = readGroups(writes, at, last)
      groups.push(...proved)
      last = proved.at(-1)?.entries.at(-1) ?? last
      at = proved.at(-1)?.end ?? at
      if (at >= writes.length) break
      const entry = entryIn(writes[at] as string)
      at++
      if (entry === undefined) continue
      const seq = last.seq + 1
      const mended = { ...entry, seq, hash: entryHash(last.hash, seq, entry.at, entry.fact) }
      groups.push({ entries: [mended], states: [], end: at })
      last = mended
    }
    return groups
  }
}

function entryIn(text: string): JournalEntry | undefined {
  try {
    return text.startsWith('E') ? (JSON.parse(text.slice(1)) as JournalEntry) : undefined
  } catch {
    return undefined
  }
}
