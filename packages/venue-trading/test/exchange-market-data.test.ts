import { Decimal } from '@org/core'
import { describe, expect, it } from 'vitest'
import { onExchange } from './exchange-world.ts'

const symbol = 'BTC/USDT'

describe('market data of an exchange', () => {
  it('a ticker is decimal text with the exchange’s own time', async () => {
    await onExchange(async ({ venue, clock, simulator }) => {
      await venue.connect()
      const { value, asOf, source } = await venue.observe('ticker', { symbol })
      expect(value).toMatchObject({ symbol, bid: '59926.76', ask: '59950.74' })
      expect([asOf, value.at, source]).toEqual([clock.now(), clock.now(), 'binance:ticker'])
      // An answer that is slow is as old as the question; a clock that runs ahead there makes nothing newer than now.
      simulator.faults.add({ kind: 'slow', delayMs: 3_000, count: 1 })
      expect((await venue.observe('order-book', { symbol })).asOf).toBe(clock.now() - 3_000)
      simulator.clockSkewMs = 500
      expect((await venue.observe('ticker', { symbol })).asOf).toBe(clock.now())
    })
  })

  it('tickers come for every symbol that was asked for', async () => {
    await onExchange(async ({ venue }) => {
      const { value } = await venue.observe('tickers', { symbols: ['ETH/USDT', symbol] })
      expect(value.map(each => each.symbol)).toEqual(['ETH/USDT', symbol])
      const unknown = venue.observe('tickers', { symbols: ['DOGE/USDT'] })
      await expect(unknown).rejects.toMatchObject({ code: 'UNKNOWN_SYMBOL' })
    })
  })

  it('a book is sorted by price, not by text, and as deep as was asked for', async () => {
    const symbols = [{ base: 'ABC', quote: 'USDT', price: 100, participants: { levels: 40 } }]
    await onExchange(
      async ({ venue }) => {
        const { value } = await venue.observe('order-book', { symbol: 'ABC/USDT', levels: 30 })
        const prices = (side: 'bids' | 'asks') => value[side].map(([price]) => price)
        const bySize = (a: string, b: string) => Decimal.of(a).compare(b)
        expect(prices('asks')).toHaveLength(30)
        expect(prices('asks')).toEqual(prices('asks').toSorted(bySize))
        expect(prices('bids')).toEqual(prices('bids').toSorted(bySize).reverse())
      },
      { simulator: { symbols } },
    )
  })

  it('an empty book is empty, and its ticker has no prices', async () => {
    const symbols = [{ base: 'ABC', quote: 'USDT', price: 100, participants: false as const }]
    await onExchange(
      async ({ venue }) => {
        const { value } = await venue.observe('order-book', { symbol: 'ABC/USDT' })
        expect(value).toEqual({ symbol: 'ABC/USDT', bids: [], asks: [] })
        const { value: ticker } = await venue.observe('ticker', { symbol: 'ABC/USDT' })
        expect([ticker.bid, ticker.ask]).toEqual([undefined, undefined])
      },
      { simulator: { symbols } },
    )
  })

  it('a crossed book or ticker is refused', async () => {
    await onExchange(async ({ venue, simulator }) => {
      simulator.faults.add({ kind: 'crossed-book' })
      for (const kind of ['order-book', 'ticker'] as const) {
        const crossed = venue.observe(kind, { symbol })
        await expect(crossed).rejects.toMatchObject({
          code: 'BOOK_CROSSED',
          message: expect.stringContaining('crossed'),
        })
      }
    })
  })

  it('candles are numbers, oldest first, and the running one says so', async () => {
    await onExchange(async ({ venue, clock }) => {
      await clock.sleep(30_000)
      const { value } = await venue.observe('candles', { symbol, timeframe: '1m', limit: 5 })
      expect(value.map(({ isClosed }) => isClosed)).toEqual([true, true, true, true, false])
      const steps = value.slice(1).map((bar, i) => bar.openTime - (value[i]?.openTime ?? 0))
      expect(new Set(steps)).toEqual(new Set([60_000]))
      expect(value.every(({ close }) => close > 50_000)).toBe(true)
    })
  })

  it('an instrument has steps, minima, and the account’s own fees', async () => {
    const accounts = { main: { balances: { USDT: '1000' }, makerFeeBps: 2, takerFeeBps: 5 } }
    await onExchange(
      async ({ venue }) => {
        expect((await venue.observe('instrument', { symbol })).value).toEqual({
          symbol,
          baseAsset: 'BTC',
          quoteAsset: 'USDT',
          priceStep: '0.01',
          quantityStep: '0.00001',
          quantityMin: '0.00001',
          notionalMin: '5',
          makerFee: '0.0002',
          takerFee: '0.0005',
          canShort: false,
          isTrading: true,
        })
      },
      { simulator: { accounts } },
    )
  })

  it('a question that is not known, or not well put, is refused before anything is asked', async () => {
    await onExchange(async ({ venue, simulator }) => {
      const ask = (kind: string, query: unknown) => venue.observe(kind as 'ticker', query as { symbol: string })
      await expect(ask('weather', {})).rejects.toMatchObject({ code: 'UNKNOWN_QUERY' })
      await expect(ask('ticker', { symbol: 7 })).rejects.toMatchObject({ code: 'INVALID_QUERY' })
      await expect(ask('candles', { symbol, timeframe: 'fast' })).rejects.toMatchObject({ code: 'INVALID_QUERY' })
      expect(simulator.inspect.requestCount).toBe(0)
    })
  })
})
