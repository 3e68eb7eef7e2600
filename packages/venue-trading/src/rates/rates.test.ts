import { VirtualClock } from '@org/core'
import { describe, expect, it } from 'vitest'
import { TradingError } from '../actions/trading-error.ts'
import { fixedRates } from './fixed-rates.ts'
import { type TickerReader, tickerRates } from './ticker-rates.ts'

const start = Date.UTC(2026, 0, 1)

describe('fixedRates', () => {
  const clock = new VirtualClock({ startMs: start })
  const rates = fixedRates({ 'USDT/USD': '1', 'EUR/USD': '1.25' }, { clock })

  it('knows what it was told, both ways, and that one is one', async () => {
    expect(await rates.rate('EUR', 'USD')).toEqual({ rate: '1.25', asOf: start })
    expect(await rates.rate('USD', 'EUR')).toEqual({ rate: '0.8', asOf: start })
    expect(await rates.rate('BTC', 'BTC')).toEqual({ rate: '1', asOf: start })
  })

  it('does not guess', async () => {
    await expect(rates.rate('BTC', 'USD')).rejects.toMatchObject({
      code: 'RATE_STALE',
      effect: 'none',
      retryable: true,
      message:
        'what one BTC is worth in USD is not known (the fixed rates are USDT/USD, EUR/USD); nothing new is opened until it is: name it in fixedRates, or see to the tickers',
    })
  })

  it.each([{ USDTUSD: '1' }, { 'USDT/USD': '0' }, { 'USDT/USD': '-1' }, { '/USD': '1' }])('refuses %j', pairs => {
    expect(() => fixedRates(pairs as unknown as Record<string, string>)).toThrow(/^expected a rate such as/)
  })
})

/** Tickers by symbol: bid, ask, age in seconds when the test begins. */
function reader(tickers: Readonly<Record<string, readonly [bid: string, ask: string, ageS?: number]>>) {
  const asked: string[] = []
  const source: TickerReader = {
    async observe(_kind, { symbol }) {
      asked.push(symbol)
      const ticker = tickers[symbol]
      if (ticker === undefined) throw new TradingError({ code: 'UNKNOWN_SYMBOL', message: 'no such symbol' })
      const [bid, ask, ageS = 0] = ticker
      const at = start - ageS * 1_000
      const value = { symbol, bid, ask, bidQuantity: '1', askQuantity: '1', last: bid, at }
      return { value, asOf: at, source: 'test' }
    },
  }
  return { source, asked }
}

describe('tickerRates', () => {
  const clock = new VirtualClock({ startMs: start })

  it('takes the middle of bid and ask, either way round', async () => {
    const rates = tickerRates(reader({ 'BTC/USDT': ['99', '101'], 'EUR/USDT': ['1.25', '1.25'] }).source, { clock })
    expect(await rates.rate('BTC', 'USDT')).toEqual({ rate: '100', asOf: start })
    expect(await rates.rate('USDT', 'EUR')).toEqual({ rate: '0.8', asOf: start })
  })

  it('crosses through one asset and not through two, and is as old as the older leg', async () => {
    const { source } = reader({ 'BNB/USDT': ['600', '600', 9], 'USDT/USD': ['1', '1', 3], 'X/BNB': ['2', '2'] })
    const rates = tickerRates(source, { clock })
    expect(await rates.rate('BNB', 'USD')).toEqual({ rate: '600', asOf: start - 9_000 })
    await expect(rates.rate('X', 'USD')).rejects.toMatchObject({ code: 'RATE_STALE' })
  })

  it('believes a fixed rate before a ticker', async () => {
    const { source } = reader({ 'BNB/USDT': ['600', '600'], 'USDT/USD': ['0.9', '0.9'] })
    const rates = tickerRates(source, { clock, fixed: fixedRates({ 'USDT/USD': '1' }, { clock }) })
    expect((await rates.rate('BNB', 'USD')).rate).toBe('600')
  })

  it('refuses a stale one and says how old it is', async () => {
    const rates = tickerRates(reader({ 'BTC/USD': ['99', '101', 61] }).source, { clock })
    await expect(rates.rate('BTC', 'USD')).rejects.toMatchObject({
      code: 'RATE_STALE',
      message:
        'what one BTC is worth in USD was last seen 61 s ago, at most 60 s are trusted; nothing new is opened until it is seen again',
    })
  })

  it('asks once for what it has just seen', async () => {
    const { source, asked } = reader({ 'BTC/USD': ['99', '101'] })
    const rates = tickerRates(source, { clock })
    await rates.rate('BTC', 'USD')
    await rates.rate('BTC', 'USD')
    expect(asked).toEqual(['BTC/USD'])
  })

  it('lives on the last ticker while none can be read, until that is stale', async () => {
    const moving = new VirtualClock({ startMs: start })
    let isDown = false
    const { source } = reader({ 'BTC/USD': ['99', '101'] })
    const observe: TickerReader['observe'] = (kind, query) =>
      isDown ? Promise.reject(new Error('socket hang up')) : source.observe(kind, query)
    const rates = tickerRates({ observe }, { clock: moving })
    await rates.rate('BTC', 'USD')
    isDown = true
    moving.jumpTo(start + 60_000)
    expect((await rates.rate('BTC', 'USD')).rate).toBe('100')
    moving.jumpTo(start + 60_001)
    await expect(rates.rate('BTC', 'USD')).rejects.toMatchObject({ code: 'RATE_STALE' })
  })
})
