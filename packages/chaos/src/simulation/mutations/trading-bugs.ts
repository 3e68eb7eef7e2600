import type { AnyVenue, Intent, Json, Store } from '@org/core'
import { delegate } from './delegate.ts'
import type { Mutation } from './mutation.ts'

type StatePort = Pick<Store, 'loadState' | 'saveState'>
type Fields = { readonly [name: string]: Json }

/** Bugs of what trades: the book, the paper exchange's client, and what strategies do with their answers. */
export const tradingBugs: readonly Mutation[] = [
  {
    bug: 'books results without remembering in the same step how far',
    decorations: {
      store: store =>
        delegate<Store>(store, {
          commit: decide =>
            store.commit(state => {
              const { states: _, ...decision } = decide(state)
              return decision
            }),
        }),
    },
  },
  {
    bug: 'applies a trade twice when it is told again after a restart',
    decorations: {
      tradingPort: reading('paper-account', change => ({
        ...change,
        fills: list(change['fills']).map(fill => ({ ...fill, tradeId: `again-${String(fill['tradeId'])}` })),
      })),
    },
  },
  {
    bug: 'misses the trades that its process died before writing down',
    decorations: { tradingPort: reading('paper-account', change => ({ ...change, fills: [] })) },
  },
  {
    bug: 'gives another receipt when it is asked again after a restart',
    decorations: {
      tradingPort: port => ({
        ...port,
        saveState: (key, value) =>
          port.saveState(
            key,
            withSteps(key, 'account-book', value, steps => steps.filter(step => step['type'] !== 'receipt')),
          ),
      }),
    },
  },
  {
    bug: 'lets a close go through zero',
    decorations: {
      venue: venue =>
        isExchange(venue)
          ? delegate(venue, { execute: (intent, options) => venue.execute(openedTheOtherWay(intent), options) })
          : venue,
    },
  },
  {
    bug: 'does not see that a leg stands alone',
    decorations: {
      venue: venue =>
        isExchange(venue)
          ? delegate(venue, {
              observe: async (kind, query, options) => {
                const seen = await venue.observe(kind, query, options)
                return kind === 'positions' ? { ...seen, value: [] } : seen
              },
            })
          : venue,
    },
  },
]

function isExchange({ domain }: AnyVenue): boolean {
  return domain === 'trading'
}

/** A close as an order that opens, of twice the size. */
function openedTheOtherWay(intent: Intent): Intent {
  if (intent.action !== 'close-position') return intent
  const { symbol, side, quantity } = intent.params as { readonly [name: string]: string }
  return { ...intent, action: 'place-order', params: { symbol, side, quantity: (2 * Number(quantity)).toFixed(3) } }
}

/** What a log of `kind` reads back, changed step by step. */
function reading(kind: string, change: (step: Fields) => Fields): (port: StatePort) => StatePort {
  return port => ({
    ...port,
    loadState: async key => {
      const value = await port.loadState(key)
      return value === undefined ? undefined : withSteps(key, kind, value, steps => steps.map(change))
    },
  })
}

function withSteps(key: string, kind: string, value: Json, change: (steps: readonly Fields[]) => readonly Fields[]) {
  const entry = value as Fields
  if (!key.startsWith(`${kind}:`) || entry['steps'] === undefined) return value
  return { ...entry, steps: [...change(list(entry['steps']))] }
}

function list(value: Json | undefined): readonly Fields[] {
  return (value ?? []) as unknown as readonly Fields[]
}
