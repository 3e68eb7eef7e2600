import { Decimal, type Intent, type IntentId, type Logger, silentLogger } from '@org/core'
import { describe, expect, it } from 'vitest'
import { minuteMs, momentumWorld, scan, symbol, type WorldOptions } from './momentum-world.ts'

/** Twenty quiet bars that lead to 100, from above unless told otherwise. */
const quiet = (step = -0.02) => Array.from({ length: 20 }, (_, i) => 100 - (19 - i) * step)
const up = Array.from({ length: 8 }, (_, i) => 100.5 + i)
const down = Array.from({ length: 12 }, (_, i) => 107 - i)
const falling = Array.from({ length: 8 }, (_, i) => 99.5 - i)

/** Plays closes; says what each scan did. */
async function play(closes: readonly number[], options: WorldOptions = {}, before = quiet()) {
  const world = momentumWorld(options)
  const venue = world.newVenue()
  const warnings: string[] = []
  const logger: Logger = {
    ...silentLogger,
    warn: (_, line = '') => warnings.push(line),
    child: () => logger,
  }
  const bot = world.newBot(venue, logger)
  for (const close of before) world.bar(close)
  await bot.initialize()
  const story: string[] = []
  for (const close of closes) {
    world.bar(close)
    story.push(...(await scan(bot)))
  }
  return { ...world, venue, bot, story, warnings }
}

describe('a trend', () => {
  it('is entered on the cross, protected by a stop at the venue at once, and left when it turns', async () => {
    const { story, venue, risk, held, orders } = await play([...up, ...down], { params: { stopAtrs: 20 } })
    expect(story).toEqual(['crossed-up: settled, settled', 'trend-has-turned: settled, settled'])
    expect((await held(venue)).isZero).toBe(true)
    expect(await orders(venue)).toEqual([])
    const { value: balances } = await venue.observe('balances', {})
    const cash = Decimal.of(balances.find(({ asset }) => asset === 'USDT')?.free ?? '0')
    expect(Decimal.of(risk.assessPortfolio().resultEver).toPlaces(4).text).toBe(cash.minus('100000').toPlaces(4).text)
    expect(risk.assessPortfolio().exposure).toBe(0)
  })

  it('has its stop waiting at the venue for all that is held', async () => {
    const { venue, held, orders } = await play(up.slice(0, 2))
    const [stop, ...others] = await orders(venue)
    expect(others).toEqual([])
    expect(stop?.side).toBe('sell')
    expect(stop?.quantity).toBe((await held(venue)).text)
    const { value } = await venue.observe('positions', { strategyId: 'momentum' })
    expect(stop?.stopPrice).toBe(value[0]?.stopPrice)
  })

  it('that breaks is left by the stop, at a loss of what the trade was to risk', async () => {
    const { story, bot, quote, risk, bar } = await play(up.slice(0, 4))
    expect(story).toEqual(['crossed-up: settled, settled'])
    // The market walks down through the stop tick by tick; the venue fires it.
    for (let price = 103; price > 90; price -= 0.01) quote(price)
    bar(90)
    await scan(bot)
    const lost = risk.remaining('max_daily_loss').used
    expect(lost).toBeGreaterThan(40)
    expect(lost).toBeLessThanOrEqual(50)
  })

  it('downwards is sold short only where that is allowed', async () => {
    expect((await play(falling, {}, quiet(0.02))).story).toEqual([])
    const cash = await play(falling.slice(0, 1), { params: { allowShort: true } }, quiet(0.02))
    expect(cash.story).toEqual([])
    expect(cash.bot.reasons.get(symbol)).toBe('no-shorts')
    const margin = await play(falling, { params: { allowShort: true }, account: 'margin' }, quiet(0.02))
    expect(margin.story).toEqual(['crossed-down: settled, settled'])
    expect((await margin.held(margin.venue)).isPositive).toBe(false)
  })

  it('that turns is followed the other way, in the scan after the exit', async () => {
    const { story, venue, bot, quote, held } = await play([...up, ...down.slice(0, 4)], {
      params: { allowShort: true, stopAtrs: 20 },
      account: 'margin',
    })
    expect(story.at(-1)).toBe('trend-has-turned: settled, settled')
    quote(104)
    expect(await scan(bot)).toEqual(['crossed-down: settled, settled'])
    expect((await held(venue)).isPositive).toBe(false)
  })

  it('is not entered twice on one bar, nor after a restart on the same bar', async () => {
    const { story, venue, bot, newBot, quote } = await play(up.slice(0, 1), { params: { stopAtrs: 1 } })
    expect(story).toEqual(['crossed-up: settled, settled'])
    // The stop takes it out at once, within the same bar.
    quote(90)
    expect(await scan(bot)).toEqual([])
    expect(bot.reasons.get(symbol)).toBe('acted-on-already')
    await bot.shutdown()
    const next = newBot(venue)
    await next.initialize()
    expect(await scan(next)).toEqual([])
    expect(next.reasons.get(symbol)).toBe('acted-on-already')
  })

  it('is entered later on the same bar where it was refused', async () => {
    const { story, bot } = await play(up.slice(0, 1), { faults: { 'place-order': ['refused'] } })
    expect(story).toEqual(['crossed-up: failed'])
    expect(await scan(bot)).toEqual(['crossed-up: settled, settled'])
  })

  it('whose stop was filled since the last scan is booked at the end', async () => {
    const { bot, quote, risk } = await play(up.slice(0, 1))
    for (let price = 101; price > 90; price -= 0.01) quote(price)
    expect(risk.remaining('max_daily_loss').used).toBeLessThan(20)
    await bot.shutdown()
    expect(risk.remaining('max_daily_loss').used).toBeGreaterThan(40)
  })

  it('is gone on with after a restart: positions from the venue, averages from candles, results once', async () => {
    const { venue, bot, newBot, bar, risk, held } = await play(up, { params: { stopAtrs: 20 } })
    await bot.shutdown()
    const next = newBot(venue)
    await next.initialize()
    expect(await scan(next)).toEqual([])
    expect(next.reasons.get(symbol)).toBe('holds')
    const story: string[] = []
    for (const close of down) {
      bar(close)
      story.push(...(await scan(next)))
    }
    expect(story).toEqual(['trend-has-turned: settled, settled'])
    expect((await held(venue)).isZero).toBe(true)
    const { value: balances } = await venue.observe('balances', {})
    const gained = Decimal.of(balances.find(({ asset }) => asset === 'USDT')?.free ?? '0').minus('100000')
    expect(risk.assessPortfolio().resultEver).toBeCloseTo(Number(gained.text), 4)
  })
})

describe('a stop', () => {
  it('that could not be placed is placed by the next scan', async () => {
    const { story, bot, venue, orders } = await play(up.slice(0, 1), { faults: { 'close-position': ['refused'] } })
    expect(story).toEqual(['crossed-up: settled, failed'])
    expect(await scan(bot)).toEqual(['stop-is-missing: settled'])
    expect(await orders(venue)).toHaveLength(1)
  })

  it('that the venue does not take is watched here, tick by tick', async () => {
    const { bot, venue, market, held, quote, executed } = await play(up.slice(0, 1), {
      faults: { 'close-position': ['not-taken'] },
    })
    expect(await scan(bot)).toEqual([])
    expect(bot.reasons.get(symbol)).toBe('stop-watched-here')
    const stop = bot.follow(venue)
    market.quote(symbol, { bid: '99.9', ask: '100' })
    expect((await held(venue)).isPositive).toBe(true)
    const { length } = executed
    // Several ticks before the first close is done: it is closed once.
    for (const price of [95, 94.9, 94.8]) quote(price)
    await stop()
    expect((await held(venue)).isZero).toBe(true)
    expect(executed.slice(length).map(({ action }) => action)).toEqual(['close-position'])
  })

  it('goes on to protect while bars cannot be trusted', async () => {
    const { bot, clock, quote, venue, orders } = await play(up.slice(0, 1), {
      faults: { 'close-position': ['refused'] },
    })
    clock.jumpTo(clock.now() + 10 * minuteMs)
    quote(101)
    expect(await scan(bot)).toEqual(['stop-is-missing: settled'])
    expect(await orders(venue)).toHaveLength(1)
  })

  it('is back where an exit was cut short after its order was cancelled', async () => {
    const { story, venue, held, orders } = await play([...up, ...down.slice(0, 4)], {
      params: { stopAtrs: 20 },
      // The first one places the stop.
      faults: { 'close-position': [undefined as never, 'refused'] },
    })
    expect(story.at(-1)).toBe('trend-has-turned: settled, failed, settled')
    expect((await held(venue)).isPositive).toBe(true)
    expect(await orders(venue)).toHaveLength(1)
  })

  it('for less than what is held is replaced', async () => {
    const { bot, venue, orders, executed, held } = await play(up.slice(0, 1))
    const quantity = (await held(venue)).text
    const [stop] = await orders(venue)
    const [entry] = executed as [Intent]
    const byHand = (id: string, action: string, params: object) =>
      venue.execute({ ...entry, id: id as IntentId, action, params, reduces: true }, { idempotencyKey: id })
    await byHand('by-hand-1', 'cancel-order', { symbol, clientOrderId: stop?.clientOrderId })
    await byHand('by-hand-2', 'close-position', { symbol, side: 'sell', quantity: '1', stopPrice: '90' })
    expect(await scan(bot)).toEqual(['stop-is-missing: settled, settled'])
    expect((await orders(venue)).map(order => order.quantity)).toEqual([quantity])
  })
})

describe('an order of which nobody knows whether it happened', () => {
  it.each(['lost-before', 'lost-after'] as const)('is waited for (%s)', async fault => {
    const { story, bot, held, venue, bar, orders } = await play(up.slice(0, 1), { faults: { 'place-order': [fault] } })
    expect(story).toEqual(['crossed-up: unknown'])
    expect(await scan(bot)).toEqual([])
    expect(bot.reasons.get(symbol)).toBe('order-in-doubt')
    // On its own the strategy asks before it acts the next time; an engine asks on its own.
    await bot.executeOpportunity({
      id: 'nothing',
      strategyId: 'momentum',
      kind: 'nothing',
      expectedProfitPerHour: 0,
      expectedRoi: 0,
      asOf: 0,
      intents: [],
      rationale: { reason: 'asks', summary: 'asks what became of it' },
    })
    bar(101)
    const next = await scan(bot)
    // What did happen is protected; what did not is not made up for on a later bar.
    expect(next).toEqual(fault === 'lost-after' ? ['stop-is-missing: settled'] : [])
    expect((await held(venue)).isPositive).toBe(fault === 'lost-after')
    expect(await orders(venue)).toHaveLength(fault === 'lost-after' ? 1 : 0)
  })
})

describe('what a trade risks', () => {
  it('is at most what the budget has left', async () => {
    const params = { sizeByBudget: 'max_daily_loss' }
    const { executed } = await play(up.slice(0, 3), { params, dailyLimit: 20 })
    const loss = Number(executed[0]?.effects.find(({ measure }) => measure === 'loss')?.amount)
    expect(loss).toBeGreaterThan(19)
    expect(loss).toBeLessThanOrEqual(20)
  })

  it('is for all symbols of a scan together at most that', async () => {
    const { story, risk, executed } = await play(up.slice(0, 1), {
      params: { sizeByBudget: 'max_daily_loss', riskPerTrade: 15 },
      others: ['ETH/USDT', 'SOL/USDT'],
      dailyLimit: 20,
    })
    // 15, and the 5 that are left; for a third nothing is.
    expect(story).toEqual(['crossed-up: settled, settled', 'crossed-up: settled, settled'])
    const losses = executed
      .flatMap(({ effects }) => effects)
      .filter(({ measure }) => measure === 'loss')
      .map(({ amount }) => Math.round(Number(amount)))
    expect(losses).toEqual([15, 5])
    expect(risk.remaining('max_daily_loss').reserved).toBe(0)
  })

  it('is for all symbols of a scan together at most what there is to pay', async () => {
    const { story, bot, venue } = await play(up.slice(0, 1), { others: ['ETH/USDT', 'SOL/USDT'], cash: '5000' })
    expect(story.every(line => line === 'crossed-up: settled, settled')).toBe(true)
    expect([...bot.reasons.values()]).toContain('no-funds')
    const { value } = await venue.observe('balances', {})
    expect(Number(value.find(({ asset }) => asset === 'USDT')?.free)).toBeGreaterThanOrEqual(0)
  })

  it('is at most what the strategy’s own share of the budget has left', async () => {
    const shares = { by: 'strategy', of: { momentum: { guaranteed: 10 }, other: { guaranteed: 490 } } } as const
    const { executed } = await play(up.slice(0, 1), { params: { sizeByBudget: 'max_daily_loss' }, shares })
    const loss = Number(executed[0]?.effects.find(({ measure }) => measure === 'loss')?.amount)
    expect(loss).toBeGreaterThan(9)
    expect(loss).toBeLessThanOrEqual(10)
  })

  it('and nothing is done where nothing is left', async () => {
    const { story, bot } = await play(up.slice(0, 1), { params: { sizeByBudget: 'max_daily_loss' }, dailyLimit: 0 })
    expect(story).toEqual([])
    expect(bot.reasons.get(symbol)).toBe('no-budget')
  })

  it('cannot follow a budget that is not there, which is said at the start', async () => {
    await expect(play([], { params: { sizeByBudget: 'max_weekly_loss' } })).rejects.toThrow('max_weekly_loss')
  })
})

describe('bad input', () => {
  const badBar = { open: 100, high: Number.NaN, low: 99, close: 100, volume: 1, isClosed: true }

  it('pauses the symbol on a bar that holds no price, in one line, and goes on afterwards', async () => {
    const { bot, market, clock, bar, warnings, quote } = await play([])
    bar(100)
    const openTime = clock.now()
    market.candle(symbol, '1m', { ...badBar, openTime })
    clock.jumpTo(openTime + minuteMs)
    quote(100)
    for (let i = 0; i < 2; i++) expect(await scan(bot)).toEqual([])
    expect(bot.reasons.get(symbol)).toBe('BAD_CANDLE')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^BTC\/USDT is paused: [^\n]+$/)
    market.candle(symbol, '1m', { ...badBar, openTime, high: 101 })
    await scan(bot)
    expect(bot.reasons.get(symbol)).toBe('no-cross')
  })

  it('pauses on a gap', async () => {
    const { bot, market, clock, quote } = await play([])
    const openTime = clock.now() + minuteMs
    market.candle(symbol, '1m', { ...badBar, openTime, high: 101 })
    clock.jumpTo(openTime + minuteMs)
    quote(100)
    expect(await scan(bot)).toEqual([])
    expect(bot.reasons.get(symbol)).toBe('CANDLE_GAP')
  })

  it('of one symbol does not stop the others', async () => {
    const { story, bot } = await play(up.slice(0, 1), {
      params: { symbols: ['DOGE/USDT', symbol] },
    })
    expect(story).toEqual(['crossed-up: settled, settled'])
    expect(bot.reasons.get('DOGE/USDT')).toBe('UNKNOWN_SYMBOL')
  })

  it('decides nothing on bars that stopped coming, nor on an old price', async () => {
    const { bot, clock, quote } = await play([])
    await scan(bot)
    clock.jumpTo(clock.now() + 10 * minuteMs)
    expect(await scan(bot)).toEqual([])
    expect(bot.reasons.get(symbol)).toBe('stale-ticker')
    quote(150)
    expect(await scan(bot)).toEqual([])
    expect(bot.reasons.get(symbol)).toBe('stale-candles')
  })

  it('says what it holds in a symbol that is no longer its own', async () => {
    const { venue, bot, bar, ...world } = await play(up.slice(0, 1))
    await bot.shutdown()
    const other = await play([], { store: world.store, params: { symbols: ['ETH/USDT'] }, others: ['ETH/USDT'] })
    await other.bot.findOpportunities()
    expect(other.warnings.filter(line => line.includes('nobody looks after it'))).toHaveLength(1)
  })

  it.each([
    ['a fast average that is slower', { fastPeriod: 30, slowPeriod: 10 }, 'fastPeriod must be less than slowPeriod'],
    ['no symbol', { symbols: [] }, 'symbols'],
    ['what is no symbol', { symbols: ['BTC'] }, 'expected a symbol such as BTC/USDT'],
    ['a misspelt field', { riskPerTade: 5 }, 'riskPerTade'],
  ])('refuses %s in one line', (_, params, problem) => {
    const world = momentumWorld({ params })
    expect(() => world.newBot(world.newVenue())).toThrow(problem)
  })

  it('refuses to look less often than bars come', () => {
    const world = momentumWorld({ config: { scanIntervalMs: 61_000 } })
    expect(() => world.newBot(world.newVenue())).toThrow('scanIntervalMs: must not be longer than a bar')
  })
})

describe('ticks', () => {
  /** Follows the venue through a bar that was not seen from its start, and the whole ones after it. */
  async function following(options: WorldOptions = {}) {
    const world = await play([], options)
    const { bot, venue, clock, market, bar } = world
    await scan(bot)
    const stop = bot.follow(venue)
    const tick = (price: number) => market.quote(symbol, { bid: String(price), ask: String(price + 0.02) })
    clock.jumpTo(clock.now() + minuteMs / 2)
    tick(100)
    clock.jumpTo(clock.now() + minuteMs / 2)
    market.candle(symbol, '1m', {
      openTime: clock.now() - minuteMs,
      open: 100,
      high: 100.2,
      low: 99.8,
      close: 100,
      volume: 1,
      isClosed: true,
    })
    await scan(bot)
    const nextBar = (price: number) => {
      tick(price)
      clock.jumpTo(clock.now() + minuteMs)
    }
    return { ...world, stop, tick, nextBar, bar }
  }

  it('give an opportunity as soon as a bar ends, and a stop with it, without a scan', async () => {
    const { venue, stop, tick, nextBar, held, orders } = await following()
    nextBar(101)
    expect((await held(venue)).isZero).toBe(true)
    tick(101)
    await stop()
    expect((await held(venue)).isPositive).toBe(true)
    expect(await orders(venue)).toHaveLength(1)
  })

  it('and scans beside them enter once', async () => {
    const { venue, bot, stop, tick, nextBar, executed, orders } = await following()
    nextBar(101)
    tick(101)
    // While the order of the tick is under way.
    await Promise.all([scan(bot), scan(bot)])
    await stop()
    expect(executed.filter(({ action }) => action === 'place-order')).toHaveLength(1)
    expect(await orders(venue)).toHaveLength(1)
  })

  it('that act while a scan looks around leave it with what is past, and it does not decide from that', async () => {
    const { venue, bot, stop, tick, nextBar, hooks, executed, orders } = await following()
    nextBar(101)
    let acting: Promise<void> | undefined
    hooks.onObserve = async kind => {
      // After it has seen that nothing is held, and before it has seen the rest.
      if (kind !== 'open-orders' || acting !== undefined) return
      acting = (async () => {
        tick(101)
        await stop()
      })()
      await acting
    }
    expect(await scan(bot)).toEqual([])
    expect(bot.reasons.get(symbol)).toBe('holds')
    expect(executed.map(({ action }) => action)).toEqual(['place-order', 'close-position'])
    expect(await orders(venue)).toHaveLength(1)
  })

  it('do nothing across a bar that is missing', async () => {
    const { venue, bot, stop, tick, nextBar, clock, held } = await following()
    nextBar(100)
    clock.jumpTo(clock.now() + minuteMs)
    nextBar(105)
    tick(105)
    await stop()
    expect((await held(venue)).isZero).toBe(true)
    // The scan asks for the bars, which the market does not have.
    expect(bot.reasons.get(symbol)).toBe('no-cross')
  })

  it('are only looked at where the strategy is not to act by itself', async () => {
    const { venue, bot, stop, tick, nextBar, held } = await following({ config: { enableAutoExecution: false } })
    nextBar(101)
    tick(101)
    await stop()
    expect(bot.reasons.get(symbol)).toBe('crossed-up')
    expect((await held(venue)).isZero).toBe(true)
  })
})
