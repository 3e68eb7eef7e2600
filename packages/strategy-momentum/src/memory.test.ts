import {
  AutomationError,
  createGate,
  createStrategyContext,
  DefaultRiskManager,
  dailyLoss,
  memoryStore,
  type Store,
  seededRandom,
  silentLogger,
  type VenueReader,
  VirtualClock,
} from '@org/core'
import type { TradingQueries, TradingResult } from '@org/venue-trading/actions'
import { describe, expect, it } from 'vitest'
import { Memory } from './memory.ts'

const strategyId = 'momentum'
const entryAt = (openTime: number) => ({ openTime, stopPrice: '96' })

/** A store that says of every second write that it cannot tell whether it was written. It was. */
function doubtful(store: Store): Store {
  let writes = 0
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (name !== 'commit' && name !== 'saveState') return value.bind(target)
      return async (...given: unknown[]) => {
        const answer: unknown = await value.apply(target, given)
        if (++writes % 2 === 0)
          throw new AutomationError({ code: 'STORE_UNAVAILABLE', message: 'the disk failed', effect: 'unknown' })
        return answer
      }
    },
  })
}

/** What a venue tells of a strategy: a loss of 1 for each number beyond `after`. */
function venueWith(results: { newest: number }): VenueReader<TradingQueries> {
  const result = (seq: number): TradingResult => ({
    seq,
    symbol: 'BTC/USDT',
    postings: [{ measure: 'loss', amount: '1' }],
    note: 'fill',
    closed: undefined,
    intentId: undefined,
    at: 0,
  })
  return {
    id: 'paper',
    domain: 'trading',
    observe: async (_kind, query) => {
      const { after } = query as { readonly after: number }
      const value = Array.from({ length: results.newest - after }, (_, i) => result(after + 1 + i))
      return { value: value as never, asOf: 0, source: 'test' }
    },
    holdings: async () => ({ value: [], asOf: 0, source: 'test' }),
  }
}

describe('what the strategy remembers', () => {
  it('books every result once, also where a write that failed was written', async () => {
    const clock = new VirtualClock()
    const store = memoryStore()
    const risk = new DefaultRiskManager([dailyLoss({ limit: 500 })], { store, clock })
    await risk.ready()
    const shaky = new DefaultRiskManager([dailyLoss({ limit: 500 })], { store: doubtful(store), clock })
    const results = { newest: 0 }
    const venue = venueWith(results)
    const context = createStrategyContext({
      strategyId,
      gate: createGate({ venues: [], risk: shaky, clock, mode: 'simulated', logger: silentLogger }),
      risk: shaky,
      clock,
      random: seededRandom(1),
      logger: silentLogger,
      venues: [venue as never],
      mode: 'simulated',
      signal: new AbortController().signal,
    })
    const memory = await Memory.open(context, strategyId, 60_000)
    let failed = 0
    for (let scan = 1; scan <= 20; scan++) {
      results.newest = Math.min(scan, 15)
      await memory.bookResults(venue).catch(() => failed++)
    }
    expect(failed).toBeGreaterThan(0)
    expect(risk.remaining('max_daily_loss', { strategyId, domain: 'trading', venueId: 'paper' }).used).toBe(15)
  })

  it('keeps what a scan books and what a tick notes at the same time', async () => {
    const clock = new VirtualClock()
    const risk = new DefaultRiskManager([dailyLoss({ limit: 500 })], { clock })
    const venue = venueWith({ newest: 3 })
    const inner = createStrategyContext({
      strategyId,
      gate: createGate({ venues: [], risk, clock, mode: 'simulated', logger: silentLogger }),
      risk,
      clock,
      random: seededRandom(1),
      logger: silentLogger,
      venues: [venue as never],
      mode: 'simulated',
      signal: new AbortController().signal,
    })
    let noted: Promise<unknown> | undefined
    const context: typeof inner = {
      ...inner,
      recordAll: (results, memory) => {
        noted ??= opened.noteEntry('BTC/USDT', entryAt(clock.now()), () => false)
        return inner.recordAll(results, memory)
      },
    }
    const opened = await Memory.open(context, strategyId, 60_000)
    await opened.bookResults(venue)
    await noted
    const next = await Memory.open(inner, strategyId, 60_000)
    expect(next.entryOf('BTC/USDT')).toEqual(entryAt(clock.now()))
    await next.bookResults(venue)
    expect(risk.remaining('max_daily_loss').used).toBe(3)
  })

  it('forgets what nobody decides from any more, but not what is held', async () => {
    const clock = new VirtualClock()
    const risk = new DefaultRiskManager([], { clock })
    const context = createStrategyContext({
      strategyId,
      gate: createGate({ venues: [], risk, clock, mode: 'simulated', logger: silentLogger }),
      risk,
      clock,
      random: seededRandom(1),
      logger: silentLogger,
      venues: [],
      mode: 'simulated',
      signal: new AbortController().signal,
    })
    const memory = await Memory.open(context, strategyId, 60_000)
    const begun = clock.now()
    const isHeld = (symbol: string) => symbol === 'HELD/USDT'
    for (const symbol of ['OLD/USDT', 'HELD/USDT']) await memory.noteEntry(symbol, entryAt(begun), isHeld)
    clock.jumpTo(begun + 4 * 60_000)
    await memory.noteEntry('NEW/USDT', entryAt(clock.now()), isHeld)
    expect(memory.entryOf('OLD/USDT')).toEqual(entryAt(begun))
    clock.jumpTo(begun + 6 * 60_000)
    await memory.noteEntry('NEWER/USDT', entryAt(clock.now()), isHeld)
    expect(memory.entryOf('OLD/USDT')).toBeUndefined()
    expect(memory.entryOf('HELD/USDT')).toEqual(entryAt(begun))
    expect(memory.entryOf('NEW/USDT')).toBeDefined()
  })
})
