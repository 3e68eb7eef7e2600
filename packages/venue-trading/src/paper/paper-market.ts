import { type CallOptions, Decimal, InvalidInputError, type Observation } from '@org/core'
import type { DecimalText } from '../actions/decimal-text.ts'
import { TradingError } from '../actions/trading-error.ts'
import type { Instrument, OrderBook, Ticker } from '../actions/views.ts'
import type { MarketData, MarketQueries } from './market-data.ts'

type Listener = (tick: Ticker) => void

interface Followed {
  readonly stop: () => void
  readonly listeners: Set<Listener>
}

/** The market as a paper venue shows it: of another's prices, its own terms; and every tick goes through the venue first. */
export class PaperMarket {
  readonly #data: MarketData
  readonly #terms: Partial<Pick<Instrument, 'makerFee' | 'takerFee' | 'canShort'>>
  readonly #onTick: Listener
  readonly #followed = new Map<string, Followed>()

  constructor(
    data: MarketData,
    terms: Partial<Pick<Instrument, 'makerFee' | 'takerFee' | 'canShort'>>,
    onTick: Listener,
  ) {
    this.#data = data
    this.#terms = terms
    this.#onTick = onTick
  }

  /** Do prices come by themselves? */
  get hasFeed(): boolean {
    return this.#data.subscribe !== undefined
  }

  observe<Kind extends keyof MarketQueries>(
    kind: Kind,
    query: MarketQueries[Kind]['query'],
    options: CallOptions,
  ): Promise<Observation<MarketQueries[Kind]['result']>> {
    return this.#data.observe(kind, query, options)
  }

  async instrument(symbol: string, options: CallOptions): Promise<Observation<Instrument>> {
    const seen = await this.#data.observe('instrument', { symbol }, options)
    return { ...seen, value: { ...seen.value, ...this.#terms } }
  }

  /** @throws {TradingError} `BOOK_CROSSED` */
  async orderBook(symbol: string, levels: number, options: CallOptions): Promise<Observation<OrderBook>> {
    const seen = await this.#data.observe('order-book', { symbol, levels }, options)
    const [bid, ask] = [seen.value.bids[0]?.[0], seen.value.asks[0]?.[0]]
    if (bid === undefined || ask === undefined || Decimal.of(bid).compare(ask) <= 0) return seen
    throw new TradingError({
      code: 'BOOK_CROSSED',
      message: `the book of ${symbol} is crossed: bid ${bid}, ask ${ask}; decide nothing on it and look again`,
      retryable: true,
      details: { symbol, bid, ask },
    })
  }

  /** From now on the venue hears of every tick of a symbol. */
  follow(symbol: string): Set<Listener> {
    const known = this.#followed.get(symbol)
    if (known !== undefined) return known.listeners
    const listeners = new Set<Listener>()
    const stop = this.#data.subscribe?.([symbol], tick => {
      this.#onTick(tick)
      for (const listener of listeners) listener(tick)
    })
    this.#followed.set(symbol, { stop: stop ?? (() => {}), listeners })
    return listeners
  }

  /** @throws {InvalidInputError} `NO_TICK_FEED` over a market that has to be asked. */
  subscribe(symbols: readonly string[], listener: Listener): () => void {
    if (!this.hasFeed)
      throw new InvalidInputError({
        code: 'NO_TICK_FEED',
        message: 'this market shows prices when it is asked and sends none; observe tickers instead',
      })
    const heard = symbols.map(symbol => this.follow(symbol))
    for (const listeners of heard) listeners.add(listener)
    return () => {
      for (const listeners of heard) listeners.delete(listener)
    }
  }

  stop(): void {
    for (const { stop } of this.#followed.values()) stop()
    this.#followed.clear()
  }
}

/** The middle of bid and ask, else what there is. */
export function middleOf({ bid, ask, last }: Ticker): DecimalText | undefined {
  if (bid !== undefined && ask !== undefined) return bid === ask ? bid : Decimal.of(bid).plus(ask).times('0.5').text
  return last ?? bid ?? ask
}
