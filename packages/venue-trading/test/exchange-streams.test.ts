import { memoryStore, VirtualClock } from '@org/core'
import { ccxtConfig, type ExchangeSimulator, startExchangeSimulator } from '@org/sim-exchange'
import { describe, expect, it } from 'vitest'
import { ExchangeVenue, type ExchangeVenueOptions, fixedRates, type Ticker } from '../src/index.ts'
import { act, intentOf } from './exchange-world.ts'

const symbol = 'BTC/USDT'

interface StreamTools {
  readonly simulator: ExchangeSimulator
  readonly clock: VirtualClock
  readonly venue: ExchangeVenue
  readonly ticks: Ticker[]
  /** Lets time pass, second by second, until something is so. */
  until(isSo: () => boolean | Promise<boolean>): Promise<void>
}

async function inStreams(
  story: (tools: StreamTools) => Promise<void>,
  options: Partial<ExchangeVenueOptions> = {},
): Promise<void> {
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 5, 1) })
  await using simulator = await startExchangeSimulator({ clock, seed: 7, rateLimits: false })
  const venue = new ExchangeVenue({
    exchange: 'binance',
    config: ccxtConfig(simulator),
    store: memoryStore(),
    clock,
    rates: fixedRates({ 'USDT/USD': '1' }, { clock }),
    weightPerMinute: 1e9,
    ...options,
  })
  const until: StreamTools['until'] = async isSo => {
    for (let turn = 0; turn < 20_000; turn++) {
      if (await isSo()) return
      if (turn % 10 === 0) clock.jumpTo(clock.now() + 1_000)
      simulator.advance()
      await new Promise(resolve => setImmediate(resolve))
    }
    throw new Error('it never came to be')
  }
  try {
    await story({ simulator, clock, venue, ticks: [], until })
  } finally {
    await venue.close()
  }
}

describe('streams of an exchange', { timeout: 60_000 }, () => {
  it('tell best prices as they change, each a ticker of its own time', async () => {
    await inStreams(async ({ venue, ticks, until, clock }) => {
      await venue.connect()
      const stop = venue.subscribe([symbol, 'ETH/USDT'], tick => ticks.push(tick))
      await until(() => ticks.length > 20 && new Set(ticks.map(tick => tick.symbol)).size === 2)
      for (const { bid, ask, at } of ticks) {
        expect(Number(bid)).toBeLessThan(Number(ask))
        expect(at).toBeLessThanOrEqual(clock.now())
      }
      stop()
      const before = ticks.length
      for (let i = 0; i < 50; i++) await until(() => true)
      expect(ticks.length).toBe(before)
    })
  })

  it('answer questions without asking the exchange, while they speak', async () => {
    await inStreams(async ({ venue, ticks, until, simulator, clock }) => {
      await venue.connect()
      venue.subscribe([symbol], tick => ticks.push(tick))
      await until(() => ticks.length > 3)
      const asked = () => simulator.inspect.countByEndpoint['GET /api/v3/ticker/24hr'] ?? 0
      const before = asked()
      const { value, asOf } = await venue.observe('ticker', { symbol })
      expect(value).toEqual(ticks.at(-1))
      expect(asOf).toBe(value.at)
      expect(asked()).toBe(before)
      // Silent for too long: what was heard is not taken for now.
      clock.jumpTo(clock.now() + 11_000)
      await venue.observe('ticker', { symbol })
      expect(asked()).toBe(before + 1)
    })
  })

  it('keep the book that is asked for', async () => {
    await inStreams(async ({ venue, ticks, until, simulator }) => {
      await venue.connect()
      venue.subscribe([symbol], tick => ticks.push(tick))
      await until(() => ticks.length > 0)
      const asked = () => simulator.inspect.countByEndpoint['GET /api/v3/depth'] ?? 0
      const book = () => venue.observe('order-book', { symbol, levels: 5 })
      await until(async () => {
        const before = asked()
        const { value } = await book()
        return asked() === before && value.bids.length === 5
      })
      const { value: streamed } = await book()
      expect(Number(streamed.bids[0]?.[0])).toBeLessThan(Number(streamed.asks[0]?.[0]))
    })
  })

  it('that break are asked for instead, and come back', async () => {
    await inStreams(async ({ venue, ticks, until, simulator, clock }) => {
      await venue.connect()
      venue.subscribe([symbol], tick => ticks.push(tick))
      await until(() => ticks.length > 3)
      simulator.disconnectStreams()
      const before = ticks.length
      await clock.run(() => until(() => ticks.length > before + 20))
      expect((await venue.observe('ticker', { symbol })).value.bid).toBeDefined()
    })
  })

  it('of own orders make the next question look, however young the last look is', async () => {
    await inStreams(
      async ({ venue, ticks, until, simulator }) => {
        await venue.connect()
        const intent = intentOf('place-order', { symbol, side: 'buy', quantity: '0.01', price: '59500' })
        await venue.execute(intent, { idempotencyKey: intent.id })
        venue.subscribe([symbol], tick => ticks.push(tick))
        await until(() => ticks.length > 3)
        await venue.holdings()
        simulator.inspect.shock('BTCUSDT', 0.97)
        await until(() => simulator.inspect.trades('main').length > 0)
        await until(async () => (await venue.observe('positions', {})).value.length > 0)
      },
      { fillsEvery: '365d', balancesEvery: '365d' },
    )
  })

  it('are closed with the venue, and leave nothing open', async () => {
    await inStreams(async ({ venue, ticks, until }) => {
      await venue.connect()
      venue.subscribe([symbol], tick => ticks.push(tick))
      await until(() => ticks.length > 0)
      await act(venue, 'place-order', { symbol, side: 'buy', quantity: '0.01', price: '50000' })
      await venue.close()
      const before = ticks.length
      await new Promise(resolve => setImmediate(resolve))
      expect(ticks.length).toBe(before)
    })
  })

  it('can be closed at any moment of their opening, and nothing is left to fail', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    try {
      for (let turns = 0; turns < 60; turns++)
        await inStreams(async ({ venue, simulator }) => {
          await venue.connect()
          venue.subscribe([symbol], () => {})
          for (let turn = 0; turn < turns; turn++) {
            simulator.advance()
            await new Promise(resolve => setImmediate(resolve))
          }
        })
      for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve))
    } finally {
      process.off('unhandledRejection', note)
    }
    expect(unhandled).toEqual([])
  })
})
