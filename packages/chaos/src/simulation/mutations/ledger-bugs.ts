import { evolve, type Fact, type LedgerState, ledgerFromText, ledgerToText, type Store, zeroMicros } from '@org/core'
import type { Decorations } from '../decorations.ts'
import { changingFacts, changingRisk, delegate } from './delegate.ts'
import type { Mutation } from './mutation.ts'

const facts = (change: Parameters<typeof changingFacts>[1]): Decorations => ({
  store: store => changingFacts(store, change),
})

/** Bugs of the ledger and the risk manager. */
export const ledgerBugs: readonly Mutation[] = [
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
      rates: { operator: 40 },
      store: store => {
        const old = new Map(store.read().constraints)
        return decidingOn(store, state => (old.size === 0 ? state : { ...state, constraints: old }))
      },
    },
  },
  {
    bug: 'forgets what windows let go of when the time is set back',
    decorations: {
      rates: { clockJump: 6 },
      ...facts(decided => decided.map(fact => (fact.type === 'time-set-back' ? { ...fact, kept: [] } : fact))),
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
