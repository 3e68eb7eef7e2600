import { AbortedError, AutomationError, memoryStore, seededRandom, VirtualClock } from '@org/core'
import { describe, expect, it } from 'vitest'
import { type MarketMemory, storedMarketMemory } from './market-memory.ts'
import type { MarketOffer, MarketSample } from './market-offer.ts'
import { type MarketSearch, MarketWatch, type MarketWatchSettings } from './market-watch.ts'
import type { PeerKind } from './peer-choice.ts'

const minuteMs = 60_000
const kind: PeerKind = { model: 'RTX_4090', gpus: 1, verification: 'verified' }

/** A market of machines with one GPU, searched as Vast.ai does it: above the limit a random sample. */
class RandomMarket {
  readonly searches: MarketSearch[] = []
  offers: MarketOffer[] = []
  rowsMax = 64
  failure: AutomationError | undefined
  readonly #random = seededRandom(11)
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock, machines: number) {
    this.#clock = clock
    this.offers = Array.from({ length: machines }, (_, index) => offer(index + 1))
  }

  readonly search = async (search: MarketSearch): Promise<MarketSample> => {
    this.searches.push(search)
    if (this.failure !== undefined) throw this.failure
    const matching = this.offers.filter(
      row =>
        row.model === search.model &&
        (search.gpus === undefined || row.numGpus === search.gpus) &&
        (search.verification === undefined || row.verification === search.verification),
    )
    const drawn = matching
      .map(row => ({ row, key: this.#random.next() }))
      .sort((a, b) => a.key - b.key)
      .slice(0, this.rowsMax)
      .map(({ row }) => row)
    return { takenAt: this.#clock.now(), offers: drawn, truncated: matching.length > this.rowsMax }
  }
}

function offer(machineId: number, change: Partial<MarketOffer> = {}): MarketOffer {
  return {
    id: machineId,
    machineId,
    model: 'RTX_4090',
    numGpus: 1,
    gpuIds: [machineId],
    chunkPricePerHour: 0.4,
    rentable: true,
    verification: 'verified',
    reliability: 0.99,
    ...change,
  }
}

function setUp(machines: number, settings: Partial<MarketWatchSettings> = {}) {
  const clock = new VirtualClock()
  const market = new RandomMarket(clock, machines)
  return { clock, market, watch: new MarketWatch({ search: market.search, clock, settings }) }
}

describe('MarketWatch', () => {
  it('repeats a truncated search until enough machines are known', async () => {
    const { market, watch } = setUp(350, { peersWanted: 200 })
    const rate = await watch.rate({ kind })
    expect(rate.machinesCounted).toBeGreaterThanOrEqual(200)
    expect(rate.samples).toBe(market.searches.length)
    expect(rate.truncated).toBe(true)
  })

  it('stops when samples bring hardly anything new, and at a bound', async () => {
    const dry = setUp(70, { peersWanted: 1000, searchesMax: 50 })
    await dry.watch.rate({ kind })
    expect(dry.market.searches.length).toBeLessThan(6)
    const bound = setUp(5000, { peersWanted: 5000, searchesMax: 3 })
    await bound.watch.rate({ kind })
    expect(bound.market.searches).toHaveLength(3)
  })

  it('searches in every third scan of five minutes, says how old its prices are, and merges those of the last half hour', async () => {
    const { clock, market, watch } = setUp(350)
    const seen: number[] = []
    const ages: number[] = []
    for (let scan = 0; scan < 12; scan++) {
      const rate = await watch.rate({ kind })
      seen.push(rate.machinesCounted)
      ages.push((clock.now() - rate.asOf) / minuteMs)
      // Up to half an hour at the last search, which may itself be 10 minutes old.
      expect(clock.now() - rate.oldestAsOf).toBeLessThanOrEqual(40 * minuteMs)
      await clock.run(() => clock.sleep(5 * minuteMs))
    }
    expect(ages).toEqual([0, 5, 10, 0, 5, 10, 0, 5, 10, 0, 5, 10])
    expect(market.searches).toHaveLength(4)
    expect(seen[0]).toBe(64)
    expect(seen.at(-1)).toBeGreaterThan(120)
  })

  it('answers all machines of a kind with one search, also when they ask at the same time', async () => {
    const { market, watch } = setUp(350)
    await Promise.all(Array.from({ length: 100 }, () => watch.rate({ kind })))
    await watch.rate({ kind: { ...kind, reliability: 'high' } })
    expect(market.searches).toHaveLength(1)
  })

  it('forgets machines that have left the market', async () => {
    const { clock, market, watch } = setUp(30)
    await watch.rate({ kind })
    market.offers = market.offers.slice(0, 10)
    await clock.run(() => clock.sleep(15 * minuteMs))
    expect((await watch.rate({ kind })).machinesCounted).toBe(10)
  })

  it('widens the search where peers are few, remembers it for an hour, then tries the exact kind again', async () => {
    const { clock, market, watch } = setUp(0)
    market.offers = Array.from({ length: 20 }, (_, index) =>
      offer(index + 1, { verification: index < 2 ? 'verified' : 'unverified' }),
    )
    const rate = await watch.rate({ kind })
    expect(rate.like.relaxed).toEqual(['gpus', 'verification'])
    expect(rate.machinesCounted).toBe(20)
    expect(market.searches).toHaveLength(3)
    await clock.run(() => clock.sleep(15 * minuteMs))
    await watch.rate({ kind })
    expect(market.searches).toHaveLength(4)
    market.offers = market.offers.map(row => ({ ...row, verification: 'verified' }))
    await clock.run(() => clock.sleep(60 * minuteMs))
    expect((await watch.rate({ kind })).like.relaxed).toEqual([])
  })

  it('looks at single GPUs in every second search to see which machines of several are partly rented', async () => {
    const { clock, market, watch } = setUp(0)
    market.offers = Array.from({ length: 8 }, (_, index) => {
      const ids = [0, 1].map(gpu => index * 10 + gpu)
      return [
        offer(index + 1, { id: index * 10, numGpus: 2, gpuIds: ids, chunkPricePerHour: 0.8, rentable: false }),
        ...ids.map((id, gpu) => offer(index + 1, { id: id + 1000, gpuIds: [id], rentable: gpu === 1 })),
      ]
    }).flat()
    const twoGpus = { ...kind, gpus: 2 }
    expect((await watch.rate({ kind: twoGpus })).rentedShare).toBe(0.5)
    expect(market.searches.map(({ gpus, machineGpusMin }) => [gpus, machineGpusMin])).toEqual([
      [2, undefined],
      [1, 2],
    ])
    await clock.run(() => clock.sleep(15 * minuteMs))
    await watch.rate({ kind: twoGpus })
    await clock.run(() => clock.sleep(15 * minuteMs))
    await watch.rate({ kind: twoGpus })
    expect(market.searches.slice(2).map(({ gpus }) => gpus)).toEqual([1, 2])
  })

  it('answers from fresh samples while searching fails, then says that the market is stale', async () => {
    const { clock, market, watch } = setUp(30)
    await watch.rate({ kind })
    market.failure = new AutomationError({ code: 'RATE_LIMITED', message: 'too many requests', retryable: true })
    await clock.run(() => clock.sleep(20 * minuteMs))
    expect(clock.now() - (await watch.rate({ kind })).asOf).toBe(20 * minuteMs)
    expect(market.searches).toHaveLength(2)
    await clock.run(() => clock.sleep(5 * minuteMs))
    await expect(watch.rate({ kind })).rejects.toMatchObject({ code: 'STALE_MARKET', cause: market.failure })
  })

  it('does not paper over a failure that will not pass by itself', async () => {
    const { clock, market, watch } = setUp(30)
    await watch.rate({ kind })
    market.failure = new AutomationError({ code: 'INVALID_KEY', message: 'wrong key' })
    await clock.run(() => clock.sleep(15 * minuteMs))
    await expect(watch.rate({ kind })).rejects.toMatchObject({ code: 'INVALID_KEY' })
  })

  it('begins anew when the clock was set back', async () => {
    const clock = {
      nowMs: 5_000_000,
      now: () => clock.nowMs,
      sleep: async () => {},
      track: <T>(work: Promise<T>) => work,
    }
    const market = new RandomMarket(new VirtualClock({ startMs: 5_000_000 }), 30)
    const watch = new MarketWatch({
      search: async search => ({ ...(await market.search(search)), takenAt: clock.nowMs }),
      clock,
    })
    await watch.rate({ kind })
    clock.nowMs -= 3_600_000
    expect((await watch.rate({ kind })).asOf).toBe(clock.nowMs)
    expect(market.searches).toHaveLength(2)
  })

  it('searches for the others when the one who started the search gave up', async () => {
    const { clock, market } = setUp(30)
    let searches = 0
    const watch = new MarketWatch({
      clock,
      search: async search => {
        if (searches++ > 0) return market.search(search)
        await Promise.resolve()
        throw new AbortedError()
      },
    })
    const gaveUp = watch.rate({ kind }, { signal: AbortSignal.abort() })
    const other = watch.rate({ kind })
    await expect(gaveUp).rejects.toMatchObject({ code: 'ABORTED' })
    expect((await other).machinesCounted).toBe(30)
  })

  it('sees the market after a restart as it was seen before, without a search', async () => {
    const { clock, market } = setUp(350)
    const store = memoryStore()
    const watchOn = (memory: MarketMemory) => new MarketWatch({ search: market.search, clock, memory })
    const question = { kind: { ...kind, gpus: 2 } }
    const before = await watchOn(storedMarketMemory(store, 'vastai', clock)).rate(question)
    const searches = market.searches.length
    await clock.run(() => clock.sleep(10 * minuteMs))
    expect(await watchOn(storedMarketMemory(store, 'vastai', clock)).rate(question)).toEqual(before)
    expect(market.searches).toHaveLength(searches)
    // Another venue on the same store has seen nothing.
    await watchOn(storedMarketMemory(store, 'elsewhere', clock)).rate(question)
    expect(market.searches.length).toBeGreaterThan(searches)
  })

  it('searches anew where what was remembered does not fit this version', async () => {
    const { clock, market } = setUp(30)
    const store = memoryStore()
    const memory = storedMarketMemory(store, 'vastai', clock)
    await new MarketWatch({ search: market.search, clock, memory }).rate({ kind })
    const searches = market.searches.length
    const key = `venue:vastai:market:${JSON.stringify(['RTX_4090', 1, 'verified'])}`
    expect(await store.loadState(key)).toBeDefined()
    await store.saveState(key, { chunks: 'many' })
    const rate = await new MarketWatch({ search: market.search, clock, memory }).rate({ kind })
    expect(rate.machinesCounted).toBe(30)
    expect(market.searches.length).toBe(2 * searches)
  })
})
