import type { CallOptions, Clock } from '@org/core'
import { z } from 'zod'
import type { Candle, OrderBook, Ticker } from '../actions/views.ts'
import type { CcxtClient } from './ccxt-client.ts'
import type { Instruments } from './instruments.ts'
import { readAnswer } from './read-answer.ts'
import { emptyTicker, readCandles, readOrderBook, readTicker } from './read-market-data.ts'

/** A value with the time of which it is: the exchange's, where it says one, else when it was asked for. */
export interface Dated<T> {
  readonly value: T
  readonly asOf: number
}

const tickersSchema = z.record(z.string(), z.unknown())

/** Market data over REST. */
export class MarketQuestions {
  readonly #client: CcxtClient
  readonly #instruments: Instruments
  readonly #clock: Clock

  constructor(client: CcxtClient, instruments: Instruments, clock: Clock) {
    this.#client = client
    this.#instruments = instruments
    this.#clock = clock
  }

  async ticker(symbol: string, options: CallOptions): Promise<Dated<Ticker>> {
    await this.#instruments.require(symbol, options)
    const { answer, sentAt } = await this.#client.readDated('fetchTicker', each => each.fetchTicker(symbol), options)
    const ticker = readTicker(this.#client.exchange.id, symbol, answer, sentAt)
    return { value: ticker, asOf: ticker.at }
  }

  /** As of the oldest of them. */
  async tickers(symbols: readonly string[], options: CallOptions): Promise<Dated<readonly Ticker[]>> {
    for (const symbol of symbols) await this.#instruments.require(symbol, options)
    const { exchange } = this.#client
    if (exchange.has['fetchTickers'] !== true) {
      const one = async (symbol: string) => (await this.ticker(symbol, options)).value
      return oldestOf(await Promise.all(symbols.map(one)), this.#clock.now())
    }
    const { answer, sentAt } = await this.#client.readDated('fetchTickers', each => each.fetchTickers(symbols), options)
    const rows = readAnswer(exchange.id, 'tickers', tickersSchema, answer)
    const ticker = (symbol: string) =>
      rows[symbol] === undefined ? emptyTicker(symbol, sentAt) : readTicker(exchange.id, symbol, rows[symbol], sentAt)
    return oldestOf(symbols.map(ticker), sentAt)
  }

  async orderBook(symbol: string, levels: number, options: CallOptions): Promise<Dated<OrderBook>> {
    await this.#instruments.require(symbol, options)
    const { answer, sentAt } = await this.#client.readDated(
      'fetchOrderBook',
      each => each.fetchOrderBook(symbol, levels),
      options,
    )
    const { book, at } = readOrderBook(this.#client.exchange.id, symbol, levels, answer, sentAt)
    return { value: book, asOf: at }
  }

  async candles(
    query: {
      readonly symbol: string
      readonly timeframe: string
      readonly since?: number | undefined
      readonly limit?: number | undefined
    },
    options: CallOptions,
  ): Promise<Dated<readonly Candle[]>> {
    const { symbol, timeframe, since, limit } = query
    await this.#instruments.require(symbol, options)
    const { exchange } = this.#client
    const { answer, sentAt } = await this.#client.readDated(
      'fetchOHLCV',
      each => each.fetchOHLCV(symbol, timeframe, since, limit),
      options,
    )
    const hasFixedLength = !/[My]$/.test(timeframe)
    const lengthMs = hasFixedLength ? exchange.parseTimeframe(timeframe) * 1_000 : undefined
    const list = readAnswer(exchange.id, 'candles', z.array(z.unknown()), answer)
    return { value: readCandles(exchange.id, symbol, list, lengthMs, sentAt), asOf: sentAt }
  }
}

function oldestOf(tickers: readonly Ticker[], now: number): Dated<readonly Ticker[]> {
  return { value: tickers, asOf: Math.min(now, ...tickers.map(({ at }) => at)) }
}
