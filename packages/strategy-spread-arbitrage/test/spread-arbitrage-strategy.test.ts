import { seededRandom } from '@org/core'
import { describe, expect, it } from 'vitest'
import { type Fault, symbol, twoVenues } from './two-venue-world.ts'

type World = Awaited<ReturnType<typeof twoVenues>>

/** North asks 100, south bids 101: 1 % between them, 0.2 % of fees. */
function spread({ north, south }: World, [ask, bid]: readonly [number, number] = [100, 101]): void {
  north.market.quote(symbol, { bids: [[String(ask - 0.05), '50']], asks: [[String(ask), '50']] })
  south.market.quote(symbol, { bids: [[String(bid), '40']], asks: [[String(bid + 0.05), '40']] })
}

async function start(options: Parameters<typeof twoVenues>[0] = {}) {
  const world = await twoVenues(options)
  const bot = await world.newBot()
  return { ...world, bot, run: () => world.scan(bot) }
}

/** One scan under a spread that was there first: quotes are younger than a scan. */
async function scanWith(world: Awaited<ReturnType<typeof start>>, prices?: readonly [number, number]) {
  spread(world, prices)
  return world.run()
}

describe('a spread between two venues', () => {
  it('is taken on both sides at once, for what was computed', async () => {
    const world = await start()
    expect(await scanWith(world)).toEqual(['trade: settled, settled'])
    expect(await world.held()).toBe('0')
    // 10 BTC at 100 with 0.1 % is 1,001 paid, 1,010 − 1.01 received.
    expect((await world.total('USDT')).minus(200_000).text).toBe('7.99')
    expect(world.bot.kpis).toMatchObject({ trades: 1, oneLegged: 0 })
    expect(world.bot.kpis.expectedEdge).toBeCloseTo(7.99, 6)
  })

  it('is left alone when it does not pay the fees', async () => {
    const world = await start()
    expect(await scanWith(world, [100, 100.2])).toEqual([])
    expect(world.bot.reason).toBe('spread-does-not-pay')
  })

  it('is taken the other way round too', async () => {
    const world = await start()
    world.south.market.quote(symbol, { bid: '99.9', ask: '100' })
    world.north.market.quote(symbol, { bid: '101', ask: '101.1' })
    expect(await world.run()).toEqual(['trade: settled, settled'])
    expect(await world.held()).toBe('0')
  })

  it('sends no leg when the budget does not bear both', async () => {
    const world = await start({ dailyLimit: 10 })
    // Each leg reserves 7: half a per cent to unwind and 0.2 % of fees on 1,000.
    expect(await scanWith(world)).toEqual(['trade: rejected, rejected'])
    expect((await world.total('USDT')).text).toBe('200000')
    expect(world.risk.remaining('max_daily_loss').reserved).toBe(0)
  })
})

describe('one leg alone', () => {
  // The south has less to take, so its leg goes first.
  it('that comes second is hedged while that does not lose', async () => {
    const world = await start()
    world.north.faults.push('refused')
    expect(await scanWith(world)).toEqual(['trade: settled, failed'])
    expect(await world.held()).toBe('-10')
    expect(await scanWith(world)).toEqual(['hedge: settled'])
    expect(await world.held()).toBe('0')
    expect(world.bot.kpis).toMatchObject({ trades: 0, oneLegged: 1, hedged: 1, unwound: 0 })
  })

  it('is taken back where a hedge would lose, also when nothing is left to lose', async () => {
    const world = await start({ dailyLimit: 15 })
    world.north.faults.push('refused')
    expect(await scanWith(world)).toEqual(['trade: settled, failed'])
    // Another bot takes what was left of the budget.
    await world.risk.record({
      domain: 'gpu',
      strategyId: 'other',
      venueId: 'vastai',
      note: 'loss',
      postings: [{ measure: 'loss', amount: 15 }],
    })
    expect(await scanWith(world, [102, 101])).toEqual(['unwind: settled'])
    expect(await world.held()).toBe('0')
    expect(world.bot.kpis).toMatchObject({ oneLegged: 1, unwound: 1 })
  })

  it('of which nobody knows whether it happened is waited for', async () => {
    for (const fault of ['lost-before', 'lost-after'] as const) {
      const world = await start()
      world.north.faults.push(fault)
      expect(await scanWith(world)).toEqual(['trade: settled, unknown'])
      // Before the gate has asked the venue nothing new is decided.
      spread(world)
      expect(await world.bot.findOpportunities()).toEqual([])
      expect(world.bot.reason).toBe(fault === 'lost-before' ? 'leg-in-doubt' : 'no-funds')
      // A scan of the engine asks first. What did happen leaves nothing to be done: the stock of the south is sold.
      expect(await world.run()).toEqual(fault === 'lost-before' ? ['hedge: settled'] : [])
      expect(await world.held()).toBe('0')
    }
  })

  it('is made up for after a restart', async () => {
    const world = await start()
    world.north.faults.push('refused')
    await scanWith(world)
    const next = await world.newBot()
    spread(world)
    expect(await world.scan(next)).toEqual(['hedge: settled'])
    expect(await world.held()).toBe('0')
  })
})

describe('bad markets', () => {
  it('an empty book, one venue down, and old books are reasons to do nothing', async () => {
    const world = await start()
    world.north.market.quote(symbol, { bids: [], asks: [] })
    world.south.market.quote(symbol, { bid: '101', ask: '102' })
    expect(await world.run()).toEqual([])
    expect(world.bot.reason).toBe('book-empty')
    world.north.market.quote(symbol, { bid: '103', ask: '102' })
    expect(await world.run()).toEqual([])
    expect(world.bot.reason).toBe('BOOK_CROSSED')
  })
})

describe('two hundred rounds in which any leg may fail', () => {
  it('leave no leg alone, and results that are the change of the balances', async () => {
    for (let seed = 1; seed <= 4; seed++) {
      const random = seededRandom(seed)
      const world = await start({ dailyLimit: 100_000 })
      const faults: readonly (Fault | undefined)[] = ['refused', 'lost-before', 'lost-after', undefined, undefined]
      const pick = () => faults[Math.floor(random.next() * faults.length)]
      for (let round = 0; round < 50; round++) {
        for (const { faults: plan } of [world.north, world.south]) {
          plan.length = 0
          const fault = pick()
          if (fault !== undefined) plan.push(fault)
        }
        const tilt = random.next() < 0.5 ? 1 : -1
        const price = 100 + random.next() * 2
        if (tilt > 0) spread(world, [price, price + random.next() * 2])
        else {
          world.south.market.quote(symbol, { bid: (price - 0.1).toFixed(2), ask: price.toFixed(2) })
          world.north.market.quote(symbol, { bid: (price + 1).toFixed(2), ask: (price + 1.1).toFixed(2) })
        }
        await world.run()
      }
      // Calm at the end: whatever stands alone is made up for, and everything is booked.
      for (const { faults: plan } of [world.north, world.south]) plan.length = 0
      for (let i = 0; i < 4; i++) {
        // The same prices at both, so that what is held here and owed there is worth nothing together.
        for (const { market } of [world.north, world.south]) market.quote(symbol, { bid: '100', ask: '100.1' })
        await world.run()
      }
      expect(await world.held()).toBe('0')
      expect((await world.total('BTC')).text).toBe('20')
      const gained = Number((await world.total('USDT')).minus(200_000).text)
      const { resultEver, openReservations } = world.risk.assessPortfolio()
      expect(openReservations).toBe(0)
      expect(resultEver).toBeCloseTo(gained, 3)
    }
  })
})
