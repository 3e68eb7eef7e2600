import { frequency } from '@org/core'
import { describe, expect, it } from 'vitest'
import { SpreadArbitrageStrategy } from '../src/index.ts'
import { symbol, twoVenues, type WorldOptions } from './two-venue-world.ts'

type World = Awaited<ReturnType<typeof twoVenues>>

/** North asks 100, south bids 101: 1 % between them, 0.2 % of fees. South has less, so its leg goes first. */
function spread({ north, south }: World, [ask, bid]: readonly [number, number] = [100, 101]): void {
  north.market.quote(symbol, { bids: [[String(ask - 0.05), '50']], asks: [[String(ask), '50']] })
  south.market.quote(symbol, { bids: [[String(bid), '40']], asks: [[String(bid + 0.05), '40']] })
}

async function start(options: WorldOptions = {}) {
  const world = await twoVenues(options)
  const bot = await world.newBot()
  return { ...world, bot, run: () => world.scan(bot) }
}

/** One scan under a spread that was there first. */
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
    expect(world.bot.kpis).toMatchObject({ trades: 1, oneLegged: 0, edgeExpected: 7.99 })
  })

  it('has brought what the accounts say, once the marks are the same again', async () => {
    const world = await start()
    await scanWith(world)
    await scanWith(world, [100.5, 100.45])
    expect(world.bot.kpis.edgeCaptured).toBeCloseTo(7.99, 9)
    expect(world.risk.assessPortfolio().resultEver).toBeCloseTo(7.99, 5)
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

  it('is not worth it below the least profit that was asked for', async () => {
    expect(await scanWith(await start({ config: { minExpectedProfit: 8 } }))).toEqual([])
    expect(await scanWith(await start({ config: { minExpectedProfit: 7.9 } }))).toHaveLength(1)
  })

  it('is sold out of the inventory, and never out of what another strategy holds on the same account', async () => {
    const world = await start({ balances: { USDT: '100000', BTC: '3' } })
    spread(world)
    const bought = await world.gate.submit({
      id: 'other-1' as Parameters<typeof world.gate.submit>[0]['id'],
      strategyId: 'other',
      venueId: 'south',
      domain: 'trading',
      asset: symbol,
      action: 'place-order',
      params: { symbol, side: 'buy', quantity: '5', worstPrice: '102', stopPrice: '90' },
      effects: [{ measure: 'loss', amount: 62 }],
      reduces: false,
      expiresAt: world.clock.now() + 60_000,
      rationale: { reason: 'test', summary: 'holds' },
    })
    expect(bought.status).toBe('settled')
    // The account has 8 and the trade wants 10: 3 are inventory.
    expect(await world.run()).toEqual(['trade: settled, settled'])
    const { value: own } = await world.south.venue.observe('positions', { strategyId: 'spread-arbitrage' })
    expect(own.map(({ quantity }) => quantity)).toEqual(['-3'])
    expect(await world.run()).toEqual([])
    expect(world.bot.reason).toBe('no-funds')
    const { value: balances } = await world.south.venue.observe('balances', {})
    expect(balances.find(({ asset }) => asset === 'BTC')).toMatchObject({ free: '5' })
  })

  it('is only shown in a dry run', async () => {
    const world = await start({ mode: 'dry-run' })
    expect(await scanWith(world)).toEqual(['trade: dry-run, dry-run'])
    expect((await world.total('USDT')).text).toBe('200000')
  })
})

describe('one leg alone', () => {
  it('that comes second is traded by another order at once where that brings most', async () => {
    const world = await start()
    world.north.faults.push('refused')
    expect(await scanWith(world)).toEqual(['trade: settled, failed, settled'])
    expect(world.bot.reason).toBe('one-leg-hedge')
    expect(await world.held()).toBe('0')
    expect((await world.total('USDT')).minus(200_000).text).toBe('7.99')
    expect(world.bot.kpis).toMatchObject({ trades: 0, oneLegged: 1, hedged: 1, unwound: 0 })
  })

  it('is taken back when the missing one is refused again, within what was reserved for that', async () => {
    const world = await start()
    world.north.faults.push('refused', 'refused')
    expect(await scanWith(world)).toEqual(['trade: settled, failed, failed, settled'])
    expect(world.bot.reason).toBe('one-leg-unwind')
    expect(await world.held()).toBe('0')
    // Sold 9.99… at 101 and bought back at 101.05, with both fees: less than the 7.07 that the leg had reserved.
    const lost = Number((await world.total('USDT')).minus(200_000).negated().text)
    expect(lost).toBeGreaterThan(2)
    expect(lost).toBeLessThan(7.07)
    expect(world.bot.kpis).toMatchObject({ trades: 0, oneLegged: 1, hedged: 0, unwound: 1 })
  })

  it('is taken back where a hedge would bring less', async () => {
    const world = await start()
    world.north.faults.push('refused', 'refused')
    world.south.faults.push(undefined, 'refused')
    expect(await scanWith(world)).toEqual(['trade: settled, failed, failed, failed'])
    expect(await world.held()).toBe('-10')
    expect(await scanWith(world, [102, 101])).toEqual(['unwind: settled'])
    expect(await world.held()).toBe('0')
  })

  it('is taken back also when nothing is left to lose', async () => {
    const world = await start({ dailyLimit: 15 })
    world.north.faults.push('refused', 'refused')
    world.south.faults.push(undefined, 'refused')
    await scanWith(world)
    expect(await world.held()).toBe('-10')
    // Another bot takes what was left of the budget.
    await world.risk.record({
      domain: 'gpu',
      strategyId: 'other',
      venueId: 'vastai',
      note: 'loss',
      postings: [{ measure: 'loss', amount: 15 }],
    })
    // The hedge would bring more, and no budget bears it.
    expect(await scanWith(world)).toEqual(['hedge: rejected, settled'])
    expect(await world.held()).toBe('0')
  })

  it('is chased where the price runs away from the order that takes it back', async () => {
    const world = await start()
    world.north.faults.push('refused', 'refused')
    world.south.faults.push(undefined, 'runs-away')
    // The order that met nobody, its end, and another one at the prices that stand now.
    expect(await scanWith(world)).toEqual(['trade: settled, failed, failed, settled, settled, settled'])
    expect(await world.held()).toBe('0')
    expect((await world.south.venue.observe('open-orders', {})).value).toEqual([])
    expect(world.bot.kpis).toMatchObject({ oneLegged: 1, unwound: 1 })
  })

  it('is counted once for each trade, however many orders it takes', async () => {
    const world = await start({ params: { notionalMax: 300 } })
    world.north.faults.push('refused', 'thin')
    expect(await scanWith(world)).toEqual(['trade: settled, failed, settled, settled'])
    expect(world.bot.kpis).toMatchObject({ oneLegged: 1, hedged: 2 })
    world.north.faults.push('refused')
    expect(await scanWith(world)).toEqual(['trade: settled, failed, settled'])
    expect(world.bot.kpis).toMatchObject({ oneLegged: 2, hedged: 3 })
  })

  it('that met nobody keeps the other from being sent', async () => {
    const world = await start()
    world.south.faults.push('gone')
    expect(await scanWith(world)).toEqual(['trade: settled, failed'])
    expect((await world.total('USDT')).text).toBe('200000')
    expect(world.bot.kpis).toMatchObject({ trades: 0, oneLegged: 0 })
  })

  it('that filled in part is matched in part', async () => {
    const world = await start()
    world.south.faults.push('thin')
    expect(await scanWith(world)).toEqual(['trade: settled, failed, settled'])
    expect(await world.held()).toBe('0')
    // 4 of 10: two fifths of the result.
    expect((await world.total('USDT')).minus(200_000).text).toBe('3.196')
  })

  it('is topped up where the second filled in part', async () => {
    const world = await start()
    world.north.faults.push('thin')
    expect(await scanWith(world)).toEqual(['trade: settled, settled, settled'])
    expect(await world.held()).toBe('0')
    expect((await world.total('USDT')).minus(200_000).text).toBe('7.99')
    expect(world.bot.kpis).toMatchObject({ trades: 0, oneLegged: 1, hedged: 1 })
  })

  it.each(['lost-before', 'lost-after'] as const)(
    'of which nobody knows whether it happened is waited for (%s)',
    async fault => {
      const world = await start()
      world.north.faults.push(fault)
      expect(await scanWith(world)).toEqual(['trade: settled, unknown'])
      // Before the gate has asked the venue nothing new is decided, also not after a restart.
      spread(world)
      for (const bot of [world.bot, await world.newBot()]) {
        expect(await bot.findOpportunities()).toEqual([])
        expect(bot.reason).toBe('leg-in-doubt')
      }
      // A scan of the engine asks first. What did happen leaves nothing to be done: the stock of the south is sold.
      expect(await world.run()).toEqual(fault === 'lost-before' ? ['hedge: settled'] : [])
      expect(await world.held()).toBe('0')
      expect(world.bot.kpis.oneLegged).toBe(fault === 'lost-before' ? 1 : 0)
    },
  )

  it('is not confused by what others have in doubt', async () => {
    const world = await start()
    const { risk, gate, clock } = world
    const id = 'other-1' as Parameters<typeof gate.submit>[0]['id']
    world.south.faults.push('lost-before')
    spread(world)
    const other = await gate.submit({
      id,
      strategyId: 'other',
      venueId: 'south',
      domain: 'trading',
      asset: symbol,
      action: 'place-order',
      params: { symbol, side: 'buy', quantity: '1', worstPrice: '200', stopPrice: '90' },
      effects: [{ measure: 'loss', amount: 1 }],
      reduces: false,
      expiresAt: clock.now() + 60_000,
      rationale: { reason: 'test', summary: 'is lost' },
    })
    expect(other.status).toBe('unknown')
    expect(risk.openReservations()).toHaveLength(1)
    expect(await world.bot.findOpportunities()).toHaveLength(1)
  })

  it.each([
    ['the first', 'south'],
    ['the second', 'north'],
  ] as const)('is made up for by the next process where one died over %s', async (_, venue) => {
    const world = await start()
    world[venue].faults.push('dies-after')
    spread(world)
    const [found] = await world.bot.findOpportunities()
    void world.bot.executeOpportunity(found as NonNullable<typeof found>)
    await new Promise(resolve => setImmediate(resolve))
    const next = await world.reopen()
    const bot = await next.newBot()
    spread(world)
    expect(await bot.findOpportunities()).toEqual([])
    expect(bot.reason).toBe('leg-in-doubt')
    const done = await next.scan(bot)
    // Of the first leg alone nobody knew; the second had happened, and now the stock is sold.
    expect(done).toEqual(venue === 'south' ? ['hedge: settled'] : [])
    expect(await world.held()).toBe('0')
    expect(next.risk.assessPortfolio().openReservations).toBe(0)
  })

  it('is not confused by orders of others', async () => {
    const world = await start()
    spread(world)
    const params = { symbol, side: 'buy', quantity: '1', price: '50', stopPrice: '40' }
    const rests = await world.gate.submit({
      id: 'other-2' as Parameters<typeof world.gate.submit>[0]['id'],
      strategyId: 'other',
      venueId: 'north',
      domain: 'trading',
      asset: symbol,
      action: 'place-order',
      params,
      effects: [{ measure: 'loss', amount: 11 }],
      reduces: false,
      expiresAt: world.clock.now() + 60_000,
      rationale: { reason: 'test', summary: 'rests' },
    })
    expect(rests.status).toBe('settled')
    expect(await world.run()).toEqual(['trade: settled, settled'])
    expect((await world.north.venue.observe('open-orders', {})).value).toHaveLength(1)
  })

  it('is made up for after a restart', async () => {
    const world = await start()
    world.north.faults.push('refused', 'refused')
    world.south.faults.push(undefined, 'refused')
    await scanWith(world)
    expect(await world.held()).toBe('-10')
    const next = await world.newBot()
    spread(world)
    expect(await world.scan(next)).toEqual(['hedge: settled'])
    expect(await world.held()).toBe('0')
    expect(next.kpis).toMatchObject({ oneLegged: 1, hedged: 1 })
  })
})

describe('the end', () => {
  it('books what the venues have told since', async () => {
    const world = await start()
    await scanWith(world)
    for (const { market } of [world.north, world.south]) market.quote(symbol, { bid: '90', ask: '90.1' })
    await world.bot.shutdown()
    expect(world.risk.assessPortfolio().resultEver).toBeCloseTo(7.99, 5)
  })
})

describe('a venue that is down', () => {
  it('is a reason to do nothing, and the results of the other are booked', async () => {
    const world = await start()
    await scanWith(world)
    world.north.isDown = true
    expect(await scanWith(world)).toEqual([])
    expect(world.bot.reason).toBe('VENUE_DOWN')
    world.north.isDown = false
    expect(await scanWith(world, [100, 100])).toEqual([])
    expect(world.bot.reason).toBe('spread-does-not-pay')
  })

  it('before the second leg: the first is taken back without it', async () => {
    const world = await start()
    spread(world)
    const [found] = await world.bot.findOpportunities()
    world.north.isDown = true
    const { results } = await world.bot.executeOpportunity(found as NonNullable<typeof found>)
    expect(results.map(({ status }) => status)).toEqual(['settled', 'failed', 'settled'])
    expect(await world.held()).toBe('0')
    expect(world.bot.kpis).toMatchObject({ oneLegged: 1, unwound: 1 })
  })

  it('and may have taken its leg: nothing is taken back before it was asked', async () => {
    const world = await start()
    world.north.faults.push('lost-after')
    await scanWith(world)
    world.north.isDown = true
    expect(await scanWith(world)).toEqual([])
    expect(world.bot.reason).toBe('leg-in-doubt')
    expect(await world.held()).toBe('0')
  })
})

describe('bad markets', () => {
  it.each([
    ['an empty book', { bids: [], asks: [] }, 'book-empty'],
    ['a crossed book', { bid: '103', ask: '102' }, 'BOOK_CROSSED'],
  ])('%s is a reason to do nothing', async (_, quote, reason) => {
    const world = await start()
    world.south.market.quote(symbol, { bid: '101', ask: '102' })
    world.north.market.quote(symbol, quote)
    expect(await world.run()).toEqual([])
    expect(world.bot.reason).toBe(reason)
  })

  it('a book that has grown old since is one too', async () => {
    const world = await start()
    spread(world)
    const [found] = await world.bot.findOpportunities()
    world.clock.jumpTo(world.clock.now() + 2_001)
    expect(await world.bot.validateOpportunity(found as NonNullable<typeof found>)).toBe(false)
  })

  it('an old book is one too, before anything is planned on it', async () => {
    const world = await start()
    world.south.agedMs = 2_001
    expect(await scanWith(world)).toEqual([])
    expect(world.bot.reason).toBe('stale-book')
  })

  it.each([
    ['market-closed', { instrument: { isTrading: false } }],
    ['no-funds', { balances: { USDT: '0', BTC: '10' } }],
    ['no-funds', { balances: { USDT: '100000', BTC: '0' } }],
    ['below-minimum', { instrument: { notionalMin: '5000' } }],
  ] as const)('%s', async (reason, options) => {
    const world = await start(options)
    expect(await scanWith(world)).toEqual([])
    expect(world.bot.reason).toBe(reason)
  })

  it('a difference that is too small to trade does not stop it', async () => {
    const world = await start({ instrument: { notionalMin: '450' } })
    // 4 of 10 fill: 400 is less than the venue takes, alone at the north and taken back at the south alike.
    world.south.faults.push('thin')
    expect(await scanWith(world)).toEqual(['trade: settled, failed'])
    expect(await world.held()).toBe('-4')
    expect(await scanWith(world)).toEqual(['trade: settled, settled'])
    expect(await world.held()).toBe('-4')
  })
})

describe('settings', () => {
  it.each([
    ['one venue twice', ['north', 'north'], { symbol, notionalMax: 1 }, 'two different ones'],
    ['what is no symbol', ['north', 'south'], { symbol: 'BTC', notionalMax: 1 }, 'expected a symbol such as BTC/USDT'],
    ['no size', ['north', 'south'], { symbol }, 'customParams.notionalMax'],
    ['a misspelt field', ['north', 'south'], { symbol, notionalMax: 1, netBps: 3 }, 'netBps'],
  ] as const)('refuse %s in one line', (_, venues, customParams, problem) => {
    expect(() => new SpreadArbitrageStrategy({ venues, config: { customParams } })).toThrow(problem)
  })
})

describe('limits of others', () => {
  it('on how often one may act refuse both legs, not one', async () => {
    const world = await start({
      constraints: [frequency({ limit: 1, per: '1h' })],
    })
    expect(await scanWith(world)).toEqual(['trade: rejected, rejected'])
    expect((await world.total('USDT')).text).toBe('200000')
  })
})
