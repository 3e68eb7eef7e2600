import { VirtualClock } from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CandleRow, candlePath, seededPath, startExchangeSimulator } from '../src/index.ts'
import { onExchange } from './exchange-story.ts'

const startMs = Date.UTC(2026, 0, 1)
const HOUR_MS = 3_600_000

describe('a seeded price path', () => {
  it('has one price per instant, in whatever order it is asked', () => {
    const forwards = seededPath({ seed: 7, price: 100 })
    const other = seededPath({ seed: 7, price: 100 })
    const times = Array.from({ length: 100 }, (_, i) => startMs + i * 7_777)
    const prices = times.map(forwards)
    expect(times.toReversed().map(other).reverse()).toEqual(prices)
    expect(times.map(seededPath({ seed: 8, price: 100 }))).not.toEqual(prices)
  })

  it('stays positive, near its base, and moves by about its volatility in a day', () => {
    const path = seededPath({ seed: 3, price: 100, dailyVolatility: 0.03 })
    const days = Array.from({ length: 400 }, (_, i) => path(startMs + i * 24 * HOUR_MS))
    const changes = days.slice(1).map((price, i) => Math.log(price / (days[i] ?? 1)))
    const deviation = Math.sqrt(changes.reduce((sum, change) => sum + change * change, 0) / changes.length)
    expect(deviation).toBeGreaterThan(0.01)
    expect(deviation).toBeLessThan(0.09)
    expect(Math.min(...days)).toBeGreaterThan(75)
    expect(Math.max(...days)).toBeLessThan(133)
  })
})

describe('candles replayed', { timeout: 60_000 }, () => {
  const candles: readonly CandleRow[] = [
    [startMs, 100, 110, 90, 105],
    [startMs + HOUR_MS, 105, 120, 104, 118],
    [startMs + 2 * HOUR_MS, 118, 119, 100, 101],
  ]

  it('reach open, high, low and close, and nothing beyond', () => {
    const path = candlePath(candles)
    for (const [openMs, open, high, low, close] of candles) {
      const prices = Array.from({ length: 360 }, (_, i) => path(openMs + i * 10_000))
      const seen = [prices[0] ?? 0, Math.max(...prices), Math.min(...prices), prices.at(-1) ?? 0]
      expect(seen.map(Math.round)).toEqual([open, high, low, close])
    }
    expect([path(0), path(startMs + 9 * HOUR_MS)]).toEqual([100, 101])
  })

  it('come out of the exchange again as the candles that went in, but for the spread', async () => {
    const symbols = [
      { base: 'BTC', quote: 'USDT', path: candlePath(candles), participants: { noiseOrdersPerSecond: 2 } },
    ]
    await onExchange(
      async ({ exchange, clock }) => {
        for (let minute = 0; minute < 120; minute++) {
          clock.jumpTo(clock.now() + 60_000)
          await exchange.fetchTicker('BTC/USDT')
        }
        const rows = (await exchange.fetchOHLCV('BTC/USDT', '1h', startMs, 2)) as readonly (readonly number[])[]
        for (const [i, row] of rows.entries()) {
          const [openMs, ...prices] = (candles[i] ?? []) as readonly number[]
          expect(row[0]).toBe(openMs)
          for (const [j, price] of prices.entries()) expect(Math.abs((row[j + 1] ?? 0) / price - 1)).toBeLessThan(0.01)
        }
      },
      { symbols, rateLimits: false },
    )
  })
})

describe('makers and noise traders', { timeout: 60_000 }, () => {
  it('keep a book that is never crossed and never empty, whatever the clock does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 48 * HOUR_MS })), {
          maxLength: 5,
        }),
        fc.integer({ min: 1, max: 1_000 }),
        async (jumps, seed) => {
          const clock = new VirtualClock({ startMs })
          await using simulator = await startExchangeSimulator({ clock, seed })
          const before = simulator.inspect.totals()
          for (const ms of [0, ...jumps]) {
            clock.jumpTo(clock.now() + ms)
            const url = `${simulator.url}/api/v3/ticker/bookTicker`
            const tickers = (await (await fetch(url)).json()) as readonly Record<'bidPrice' | 'askPrice', string>[]
            expect(tickers).toHaveLength(2)
            for (const { bidPrice, askPrice } of tickers) {
              expect(Number(bidPrice)).toBeGreaterThan(0)
              expect(Number(bidPrice)).toBeLessThan(Number(askPrice))
            }
          }
          expect(simulator.inspect.totals()).toEqual(before)
        },
      ),
      { numRuns: 12, examples: [[[161_990_062, 101_847_094, 1_844], 1]] },
    )
  })

  it('quote every level of both sides in every market', async () => {
    const bases = ['BTC', 'ETH', 'SOL']
    const symbols = bases.map(base => ({ base, quote: 'USDT', participants: { levels: 7, noiseOrdersPerSecond: 0 } }))
    await onExchange(
      async ({ exchange, clock }) => {
        for (const ms of [0, 1_000, 48 * HOUR_MS]) {
          clock.jumpTo(clock.now() + ms)
          for (const base of bases) {
            const { bids, asks } = await exchange.fetchOrderBook(`${base}/USDT`)
            expect([bids.length, asks.length]).toEqual([7, 7])
          }
        }
      },
      { symbols },
    )
  })

  it('leave a resting order that the price reaches filled', async () => {
    await onExchange(async ({ exchange, simulator, clock }) => {
      const { id } = await exchange.createOrder(
        'BTC/USDT',
        'limit',
        'buy',
        0.01,
        simulator.inspect.fairPrice('BTCUSDT') * 0.98,
      )
      simulator.inspect.shock('BTCUSDT', 0.97)
      clock.jumpTo(clock.now() + 1_000)
      const order = await exchange.fetchOrder(String(id), 'BTC/USDT')
      expect(order).toMatchObject({ status: 'closed', filled: 0.01 })
      expect((await exchange.fetchMyTrades('BTC/USDT'))[0]).toMatchObject({ takerOrMaker: 'maker' })
    })
  })

  it('are away where there are none, so that a book is empty and a market order expires', async () => {
    await onExchange(
      async ({ exchange }) => {
        expect(await exchange.fetchOrderBook('BTC/USDT')).toMatchObject({ bids: [], asks: [] })
        const order = await exchange.createOrder('BTC/USDT', 'market', 'buy', 0.01)
        expect(order).toMatchObject({ status: 'expired', filled: 0 })
      },
      { symbols: [{ base: 'BTC', quote: 'USDT', participants: false }] },
    )
  })
})

describe('two exchanges', { timeout: 60_000 }, () => {
  it('share one fair price, and differ by what they are told to', async () => {
    const clock = new VirtualClock({ startMs })
    const wave = (atMs: number) => (Math.floor(atMs / HOUR_MS) % 2 === 0 ? 40 : -40)
    await using near = await startExchangeSimulator({ clock, seed: 1 })
    await using far = await startExchangeSimulator({ clock, seed: 2, offsetBps: wave })
    await using elsewhere = await startExchangeSimulator({ clock, seed: 1, pathSeed: 9 })
    for (let hour = 0; hour < 4; hour++) {
      const ratio = far.inspect.fairPrice('BTCUSDT') / near.inspect.fairPrice('BTCUSDT')
      expect(ratio).toBeCloseTo(hour % 2 === 0 ? 1.004 : 0.996, 9)
      clock.jumpTo(clock.now() + HOUR_MS)
      for (const simulator of [near, far]) simulator.advance()
    }
    expect(elsewhere.inspect.fairPrice('BTCUSDT')).not.toBe(near.inspect.fairPrice('BTCUSDT'))
    expect(far.apiKey).not.toBe(near.apiKey)
  })
})

describe('determinism', { timeout: 60_000 }, () => {
  it('gives the same bytes for the same seed and requests, others for another seed', async () => {
    const hoursOf = async (seed: number) => {
      const texts: string[] = []
      const clock = new VirtualClock({ startMs })
      await using simulator = await startExchangeSimulator({ clock, seed, rateLimits: false })
      for (let hour = 0; hour < 8; hour++) {
        clock.jumpTo(clock.now() + HOUR_MS)
        for (const path of [
          'depth?symbol=BTCUSDT',
          'trades?symbol=ETHUSDT',
          'ticker/24hr',
          'klines?symbol=BTCUSDT&interval=5m',
        ])
          texts.push(await (await fetch(`${simulator.url}/api/v3/${path}`)).text())
      }
      return [...texts, simulator.apiKey, JSON.stringify(simulator.inspect.totals())]
    }
    const first = await hoursOf(7)
    expect(await hoursOf(7)).toEqual(first)
    expect((await hoursOf(8))[1]).not.toBe(first[1])
  })
})
