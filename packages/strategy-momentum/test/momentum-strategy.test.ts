import { Decimal } from '@org/core'
import { describe, expect, it } from 'vitest'
import { minuteMs, momentumWorld, scan, symbol, type WorldOptions } from './momentum-world.ts'

/** Twenty quiet bars that lead to 100, from above unless told otherwise. */
const quiet = (step = -0.02) => Array.from({ length: 20 }, (_, i) => 100 - (19 - i) * step)
const up = Array.from({ length: 8 }, (_, i) => 100.5 + i)
const down = Array.from({ length: 12 }, (_, i) => 107 - i)

/** Plays closes; says what each scan did, with the number of the bar. */
async function play(closes: readonly number[], options: WorldOptions = {}, before = quiet()) {
  const world = momentumWorld(options)
  const venue = world.newVenue()
  const bot = world.newBot(venue)
  // The quote must be there before the first look.
  for (const close of before) world.bar(close)
  await bot.initialize()
  const story: string[] = []
  for (const close of closes) {
    world.bar(close)
    story.push(...(await scan(bot)))
  }
  return { ...world, venue, bot, story }
}

describe('a trend', () => {
  it('is entered on the cross, protected by a stop at the venue, and left when it turns', async () => {
    const { story, venue, risk } = await play([...up, ...down], { params: { stopAtrs: 20 }, config: { minRoi: 0 } })
    expect(story).toEqual(['crossed-up: settled', 'stop-is-missing: settled', 'trend-has-turned: settled, settled'])
    const { value: positions } = await venue.observe('positions', { strategyId: 'momentum' })
    expect(positions.every(({ quantity }) => Decimal.of(quantity).isZero)).toBe(true)
    const { value: balances } = await venue.observe('balances', {})
    const cash = Decimal.of(balances.find(({ asset }) => asset === 'USDT')?.free ?? '0')
    expect(Decimal.of(risk.assessPortfolio().resultEver).toPlaces(4).text).toBe(cash.minus('100000').toPlaces(4).text)
    expect(risk.assessPortfolio().exposure).toBe(0)
  })

  it('that breaks is left by the stop, at a loss of what the trade was to risk', async () => {
    const { story, bot, quote, risk, bar } = await play(up.slice(0, 4))
    expect(story).toEqual(['crossed-up: settled', 'stop-is-missing: settled'])
    // The market walks down through the stop tick by tick; the venue fires it.
    for (let price = 103; price > 90; price -= 0.01) quote(price)
    bar(90)
    await scan(bot)
    const lost = risk.remaining('max_daily_loss').used
    expect(lost).toBeGreaterThan(40)
    expect(lost).toBeLessThanOrEqual(50)
  })

  it('downwards is sold short only where that is allowed', async () => {
    const falling = Array.from({ length: 8 }, (_, i) => 99.5 - i)
    expect((await play(falling, {}, quiet(0.02))).story).toEqual([])
    const cash = await play(falling, { params: { allowShort: true } }, quiet(0.02))
    expect(cash.story).toEqual([])
    const margin = await play(falling, { params: { allowShort: true }, account: 'margin' }, quiet(0.02))
    expect(margin.story).toEqual(['crossed-down: settled', 'stop-is-missing: settled'])
    const { value: positions } = await margin.venue.observe('positions', { strategyId: 'momentum' })
    expect(positions[0]?.quantity).toMatch(/^-/)
  })

  it('is not entered twice on one bar, nor after a restart on the same bar', async () => {
    const { story, venue, bot, newBot, quote } = await play(up.slice(0, 2), { params: { stopAtrs: 1 } })
    expect(story).toContain('crossed-up: settled')
    // The stop takes it out at once, within the same bar.
    await scan(bot)
    quote(90)
    expect(await scan(bot)).toEqual([])
    expect(bot.reasons.get(symbol)).toMatch(/acted-on-already|no-cross/)
    await bot.shutdown()
    const next = newBot(venue)
    await next.initialize()
    expect(await scan(next)).toEqual([])
  })
})

describe('what a trade risks', () => {
  it('is at most what the budget has left', async () => {
    const { risk } = await play(up.slice(0, 1), { params: { sizeByBudget: 'max_daily_loss' }, dailyLimit: 20 })
    const { value } = await (
      await play(up.slice(0, 3), { params: { sizeByBudget: 'max_daily_loss' }, dailyLimit: 20 })
    ).venue.observe('positions', { strategyId: 'momentum' })
    const [position] = value
    const toStop = Decimal.of(position?.averagePrice ?? '0')
      .minus(position?.stopPrice ?? '0')
      .times(position?.quantity ?? '0')
    expect(Number(toStop.text)).toBeGreaterThan(5)
    expect(Number(toStop.text)).toBeLessThanOrEqual(20)
    expect(risk.remaining('max_daily_loss').limit).toBe(20)
  })

  it('and nothing is done where nothing is left', async () => {
    const { story, bot } = await play(up, { params: { sizeByBudget: 'max_daily_loss' }, dailyLimit: 0 })
    expect(story).toEqual([])
    expect(['no-budget', 'no-cross']).toContain(bot.reasons.get(symbol))
  })
})

describe('bad input', () => {
  it('pauses the symbol on a bar that holds no price, and goes on afterwards', async () => {
    const { bot, market, clock, bar } = await play([])
    bar(100)
    const openTime = clock.now()
    market.candle(symbol, '1m', {
      openTime,
      open: 100,
      high: Number.NaN,
      low: 99,
      close: 100,
      volume: 1,
      isClosed: true,
    })
    clock.jumpTo(openTime + minuteMs)
    expect(await scan(bot)).toEqual([])
    expect(bot.reasons.get(symbol)).toBe('BAD_CANDLE')
    market.candle(symbol, '1m', { openTime, open: 100, high: 101, low: 99, close: 100, volume: 1, isClosed: true })
    await scan(bot)
    expect(bot.reasons.get(symbol)).not.toBe('BAD_CANDLE')
  })

  it('decides nothing on bars that stopped coming', async () => {
    const { bot, clock, quote } = await play([])
    await scan(bot)
    clock.jumpTo(clock.now() + 10 * minuteMs)
    quote(150)
    expect(await scan(bot)).toEqual([])
    expect(bot.reasons.get(symbol)).toBe('stale-candles')
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
})

describe('ticks', () => {
  it('give an opportunity as soon as a bar ends, without a scan', async () => {
    const { bot, clock, market } = await play([])
    await scan(bot)
    const kinds: string[] = []
    const stop = market.subscribe([symbol], tick => {
      const found = bot.onTick(tick)
      if (found !== undefined) kinds.push(found.kind)
    })
    for (let i = 0; i < 8; i++) {
      market.quote(symbol, { bid: String(100 + i), ask: String(100.1 + i) })
      clock.jumpTo(clock.now() + minuteMs)
    }
    stop()
    expect(kinds[0]).toBe('crossed-up')
  })
})
