import { type Clock, InvalidInputError, type Observation } from '@org/core'
import type { DecimalText } from '../actions/decimal-text.ts'
import { TradingError } from '../actions/trading-error.ts'
import type { BookLevel, Candle, Instrument, OrderBook, Ticker } from '../actions/views.ts'
import { assetsOf } from '../book/symbol-assets.ts'
import { checkCandles, timeframeMs } from './check-candles.ts'
import type { MarketData, MarketQueries } from './market-data.ts'

/** Prices as a script says them. Without quantities, as much as anybody wants is there at these prices. */
export type ScriptedQuote =
  | {
      readonly bid?: DecimalText
      readonly ask?: DecimalText
      readonly bidQuantity?: DecimalText
      readonly askQuantity?: DecimalText
      readonly last?: DecimalText
    }
  | {
      /** Best first. */
      readonly bids: readonly BookLevel[]
      readonly asks: readonly BookLevel[]
      readonly last?: DecimalText
    }

/** A market that does what it is told. */
export interface ScriptedMarket extends MarketData {
  subscribe(symbols: readonly string[], listener: (tick: Ticker) => void): () => void
  /** The symbol's prices from now on; whoever has subscribed hears of it before this returns. */
  quote(symbol: string, quote: ScriptedQuote): void
  /** The newest bar of a timeframe; the newest thousand are kept. */
  candle(symbol: string, timeframe: string, candle: Candle): void
  /** What the market says of a symbol from now on, for instance that it is not trading. */
  change(symbol: string, change: Partial<Instrument>): void
  /** Quotes one after the other, each when its time has come. */
  play(quotes: readonly ScriptedMoment[]): Promise<void>
}

export interface ScriptedMoment {
  readonly symbol: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly quote: ScriptedQuote
}

/** What stands for "as much as anybody wants". */
const unlimited = '1000000000000'
const candlesMax = 1_000

interface ScriptedSymbol {
  instrument: Instrument
  ticker: Ticker
  book: OrderBook
  readonly candles: Map<string, Candle[]>
  readonly listeners: Set<(tick: Ticker) => void>
}

/**
 * A market in memory, for tests, examples and first steps.
 *
 * @param options `symbols`: what is traded, and where it differs from an instrument with a price step of 0.01, a quantity step of 0.00001, no
 *   minimum, and fees of 0.1 %.
 * @example
 * const market = scriptedMarket({ clock, symbols: { 'BTC/USDT': {} } })
 * market.quote('BTC/USDT', { bid: '59999', ask: '60001' })
 */
export function scriptedMarket(options: {
  readonly clock: Clock
  readonly symbols: { readonly [symbol: string]: Partial<Instrument> }
}): ScriptedMarket {
  const { clock } = options
  const symbols = new Map<string, ScriptedSymbol>()
  for (const [symbol, change] of Object.entries(options.symbols)) symbols.set(symbol, newSymbol(symbol, change, clock))

  const find = (symbol: string): ScriptedSymbol => {
    const found = symbols.get(symbol)
    if (found !== undefined) return found
    throw new TradingError({
      code: 'UNKNOWN_SYMBOL',
      message: `nothing is traded under ${JSON.stringify(symbol)}; known: ${[...symbols.keys()].slice(0, 20).join(', ') || 'none'}`,
      details: { symbol },
    })
  }

  function candlesOf({ symbol, timeframe, since = 0, limit = candlesMax }: MarketQueries['candles']['query']) {
    const candles = find(symbol).candles.get(timeframe) ?? []
    checkCandles(symbol, timeframe, candles)
    const wanted = candles.filter(({ openTime }) => openTime >= since)
    return since > 0 ? wanted.slice(0, limit) : wanted.slice(-limit)
  }

  const answers: { readonly [Kind in keyof MarketQueries]: (query: MarketQueries[Kind]['query']) => unknown } = {
    ticker: ({ symbol }) => find(symbol).ticker,
    tickers: query => query.symbols.map(symbol => find(symbol).ticker),
    'order-book': ({ symbol, levels = 20 }) => cut(find(symbol).book, levels),
    candles: candlesOf,
    instrument: ({ symbol }) => find(symbol).instrument,
  }

  const market: ScriptedMarket = {
    async observe(kind, query) {
      if (!Object.hasOwn(answers, kind))
        throw new InvalidInputError({ code: 'UNKNOWN_QUERY', message: `a market answers no question ${String(kind)}` })
      const value = answers[kind](query)
      const asOf = kind === 'ticker' ? (value as Ticker).at : clock.now()
      return { value, asOf, source: `scripted:${kind}` } as Observation<MarketQueries[typeof kind]['result']>
    },
    subscribe(names, listener) {
      const followed = names.map(find)
      for (const { listeners } of followed) listeners.add(listener)
      return () => {
        for (const { listeners } of followed) listeners.delete(listener)
      }
    },
    quote(symbol, quote) {
      const scripted = find(symbol)
      scripted.ticker = tickerOf(symbol, quote, clock.now())
      scripted.book = bookOf(symbol, quote)
      for (const listener of scripted.listeners) listener(scripted.ticker)
    },
    candle(symbol, timeframe, candle) {
      timeframeMs(timeframe)
      const { candles } = find(symbol)
      const bars = candles.get(timeframe) ?? []
      if (bars.at(-1)?.openTime === candle.openTime) bars.pop()
      bars.push(candle)
      if (bars.length > candlesMax) bars.shift()
      candles.set(timeframe, bars)
    },
    change(symbol, change) {
      const scripted = find(symbol)
      scripted.instrument = { ...scripted.instrument, ...change }
    },
    async play(moments) {
      for (const { symbol, at, quote } of moments) {
        if (at > clock.now()) await clock.sleep(at - clock.now())
        market.quote(symbol, quote)
      }
    },
  }
  return market
}

function newSymbol(symbol: string, change: Partial<Instrument>, clock: Clock): ScriptedSymbol {
  const { base, quote } = assetsOf(symbol)
  const instrument: Instrument = {
    symbol,
    baseAsset: base,
    quoteAsset: quote,
    priceStep: '0.01',
    quantityStep: '0.00001',
    quantityMin: '0.00001',
    notionalMin: '0',
    makerFee: '0.001',
    takerFee: '0.001',
    canShort: false,
    isTrading: true,
    ...change,
  }
  const ticker = tickerOf(symbol, {}, clock.now())
  return { instrument, ticker, book: bookOf(symbol, {}), candles: new Map(), listeners: new Set() }
}

function tickerOf(symbol: string, quote: ScriptedQuote, at: number): Ticker {
  const { last } = quote
  if (!('bids' in quote)) {
    const { bid, ask, bidQuantity, askQuantity } = quote
    return { symbol, bid, bidQuantity, ask, askQuantity, last, at }
  }
  const [bid, bidQuantity] = quote.bids[0] ?? []
  const [ask, askQuantity] = quote.asks[0] ?? []
  return { symbol, bid, bidQuantity, ask, askQuantity, last, at }
}

function bookOf(symbol: string, quote: ScriptedQuote): OrderBook {
  if ('bids' in quote) return { symbol, bids: quote.bids, asks: quote.asks }
  const { bid, bidQuantity = unlimited, ask, askQuantity = unlimited } = quote
  return {
    symbol,
    bids: bid === undefined ? [] : [[bid, bidQuantity]],
    asks: ask === undefined ? [] : [[ask, askQuantity]],
  }
}

function cut({ symbol, bids, asks }: OrderBook, levels: number): OrderBook {
  return { symbol, bids: bids.slice(0, levels), asks: asks.slice(0, levels) }
}
