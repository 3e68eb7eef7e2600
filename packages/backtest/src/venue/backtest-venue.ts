import {
  type Clock,
  Decimal,
  durationMs,
  type ExecuteOptions,
  type Holding,
  type Intent,
  InvalidInputError,
  type Observation,
  type Receipt,
  type Reconciliation,
  type Venue,
} from '@org/core'
import {
  type Balance,
  type CancelOrderParams,
  type ClosePositionParams,
  clientOrderIdOf,
  type DecimalText,
  type Fill,
  type Instrument,
  type PlaceOrderParams,
  type Ticker,
  TradingError,
  type TradingQueries,
  tradingActions,
} from '@org/venue-trading/actions'
import { AccountBook } from '@org/venue-trading/book'
import type { Broker } from '../broker/broker.ts'
import type { BrokerOptions } from '../broker/rules.ts'
import type { Feed } from './feed.ts'
import { FeedCursor } from './feed-cursor.ts'
import { OrderDesk } from './order-desk.ts'
import { decimalText } from './price-text.ts'
import { QuoteCursor } from './quote-cursor.ts'

export interface BacktestVenueOptions {
  readonly id: string
  readonly feeds: readonly Feed[]
  readonly broker: BrokerOptions
  /** What one unit of the quote asset is worth in the base currency of the budgets. @default '1' */
  readonly quoteRate?: DecimalText
  /** Prices of orders are multiples of it, for strategies that ask. @default '0.00000001' */
  readonly priceStep?: DecimalText
  readonly clock: Clock
  /** Do receipts say what budgets are to count? Without a gate nobody listens. @default true */
  readonly hasPostings?: boolean
}

const questions = [
  'ticker',
  'tickers',
  'order-book',
  'candles',
  'instrument',
  'balances',
  'open-orders',
  'order',
  'fills',
  'positions',
  'results',
] as const satisfies readonly (keyof TradingQueries)[]

/** Candles that are given when nobody says how many. */
const candlesDefault = 500
const candlesMax = 20_000

/**
 * History as a trading venue: the same questions, actions, book and budgets as at an exchange, over bars or quotes and a {@link Broker}. It shows what is
 * over at the clock's time and nothing else.
 *
 * Candles come as the feed has them: gaps (weekends, holidays) are no error here.
 */
export class BacktestVenue implements Venue<TradingQueries> {
  readonly id: string
  readonly domain = 'trading'
  readonly actions: typeof tradingActions = tradingActions
  readonly isReal = false
  readonly broker: Broker
  readonly quoteRate: DecimalText
  /** By the order in which they were given; ties of time go by it. */
  readonly cursors: readonly FeedCursor[]
  readonly #quotes: readonly QuoteCursor[]
  /** The feed whose bars the orders of a symbol meet. */
  readonly #leading = new Map<string, FeedCursor>()
  readonly #clock: Clock
  readonly #priceStep: DecimalText
  readonly #desk: OrderDesk
  readonly #sources: Readonly<Record<string, string>>

  /** @throws InvalidInputError `INVALID_OPTION` for no feed, two alike, or a broker that cannot be. */
  private constructor(options: BacktestVenueOptions, book: AccountBook) {
    const { id, feeds, clock, quoteRate = '1', hasPostings = true } = options
    this.id = id
    this.quoteRate = quoteRate
    this.#sources = Object.fromEntries(questions.map(kind => [kind, `${id}:${kind}`]))
    this.#clock = clock
    this.#priceStep = options.priceStep ?? '0.00000001'
    this.cursors = feeds.flatMap(feed =>
      'bars' in feed ? [new FeedCursor(feed.symbol, feed.timeframe, feed.bars)] : [],
    )
    this.#quotes = feeds.flatMap(feed => ('quotes' in feed ? [new QuoteCursor(feed.symbol, feed.quotes)] : []))
    const names = feeds.map(feed => `${feed.symbol} ${'timeframe' in feed ? feed.timeframe : 'quotes'}`)
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    if (feeds.length === 0 || twice !== undefined)
      throw new InvalidInputError({
        code: 'INVALID_OPTION',
        message: `feeds of ${id}: ${twice === undefined ? 'expected at least one' : `${twice} is there twice`}`,
      })
    this.#desk = new OrderDesk({
      venueId: id,
      book,
      clock,
      quoteRate,
      hasPostings,
      broker: options.broker,
      openNow: symbol => this.#leading.get(symbol)?.openNow(clock.now()),
    })
    this.broker = this.#desk.broker
    for (const { symbol } of feeds) this.broker.market(symbol)
    for (const cursor of this.cursors) {
      const known = this.#leading.get(cursor.symbol)
      if (known === undefined || cursor.stepMs < known.stepMs) this.#leading.set(cursor.symbol, cursor)
    }
    for (const [symbol, cursor] of this.#leading) cursor.market = this.broker.market(symbol)
  }

  static async open(options: BacktestVenueOptions): Promise<BacktestVenue> {
    return new BacktestVenue(options, await AccountBook.open({ name: options.id }))
  }

  async connect(): Promise<void> {}

  async close(): Promise<void> {
    await this.#desk.settled()
  }

  /** What is traded here, each once. */
  get symbols(): readonly string[] {
    return [...new Set([...this.cursors, ...this.#quotes].map(({ symbol }) => symbol))]
  }

  /** When the next bar or quote is over; `Infinity`: never. `undefined`: a feed must be loaded first, see {@link BacktestVenue.load}. */
  nextEventAt(): number | undefined {
    let next = Number.POSITIVE_INFINITY
    for (let i = 0; i < this.cursors.length; i++) {
      const { closeAt } = this.cursors[i] as FeedCursor
      if (Number.isNaN(closeAt)) return undefined
      if (closeAt < next) next = closeAt
    }
    if (this.#quotes.length === 0) return next
    for (const { closeAt } of this.#quotes) if (closeAt < next) next = closeAt
    return next
  }

  async load(): Promise<void> {
    for (const cursor of this.cursors) if (Number.isNaN(cursor.closeAt)) await this.#clock.track(cursor.load())
  }

  /** Takes in what is over at `nowMs`; nothing older may be waiting. */
  advanceTo(nowMs: number): void {
    for (let i = 0; i < this.cursors.length; i++) {
      const cursor = this.cursors[i] as FeedCursor
      if (!(cursor.closeAt <= nowMs)) continue
      const bar = cursor.take()
      if (cursor.market !== undefined) this.broker.advanceMarket(cursor.market, bar)
    }
    if (this.#quotes.length === 0) return
    for (const cursor of this.#quotes) {
      if (cursor.closeAt > nowMs) continue
      const { at, bid, ask } = cursor.take()
      this.broker.quote(cursor.symbol, at, bid, ask)
    }
  }

  observe<Kind extends keyof TradingQueries & string>(
    kind: Kind,
    query: TradingQueries[Kind]['query'],
  ): Promise<Observation<TradingQueries[Kind]['result']>> {
    type Answer = Observation<TradingQueries[Kind]['result']>
    if (kind !== 'candles') return this.#answer(kind, query).then(value => this.#observed(kind, value) as Answer)
    // A hot path: the common question of a bar strategy is answered without waiting for anything.
    try {
      return Promise.resolve(this.#observed(kind, this.#candles(query as TradingQueries['candles']['query'])) as Answer)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async holdings(): Promise<Observation<readonly Holding[]>> {
    await this.#desk.settled()
    const value = this.#desk.book.positions().map(({ strategyId, symbol, quantity, averagePrice }) => ({
      asset: symbol,
      kind: 'position',
      quantity: Number(quantity),
      exposure: Math.abs(Number(quantity)) * this.broker.market(symbol).price * Number(this.quoteRate),
      costPerHour: 0,
      description: `${strategyId}: ${quantity} at ${averagePrice}`,
    }))
    return { value, asOf: this.#clock.now(), source: `${this.id}:account` }
  }

  async execute(intent: Intent, options: ExecuteOptions): Promise<Receipt> {
    const given = this.#desk.book.receiptOf(intent.id)
    if (given !== undefined) return given
    // The gate has checked the parameters by the action's schema.
    switch (intent.action) {
      case 'place-order':
        return this.#desk.place(intent, intent.params as PlaceOrderParams, clientOrderIdOf(options.idempotencyKey))
      case 'close-position':
        return this.#desk.close(intent, intent.params as ClosePositionParams, clientOrderIdOf(options.idempotencyKey))
      default:
        return this.#desk.cancel(intent, intent.params as CancelOrderParams)
    }
  }

  async reconcile(intent: Intent): Promise<Reconciliation> {
    const receipt = this.#desk.book.receiptOf(intent.id)
    return receipt === undefined ? { status: 'not-done' } : { status: 'done', receipt }
  }

  #observed(kind: string, value: unknown): Observation<unknown> {
    return { value, asOf: this.#clock.now(), source: this.#sources[kind] as string }
  }

  async #answer(kind: keyof TradingQueries, query: unknown): Promise<unknown> {
    await this.#desk.settled()
    switch (kind) {
      case 'ticker':
        return this.#ticker((query as { readonly symbol: string }).symbol)
      case 'tickers':
        return (query as { readonly symbols: readonly string[] }).symbols.map(symbol => this.#ticker(symbol))
      case 'order-book': {
        const { symbol, bid, ask } = this.#ticker((query as { readonly symbol: string }).symbol)
        // Bars tell no depth: as much as is wanted at the best prices.
        return {
          symbol,
          bids: bid === undefined ? [] : [[bid, '1000000000']],
          asks: ask === undefined ? [] : [[ask, '1000000000']],
        }
      }
      case 'instrument':
        return this.#instrument((query as { readonly symbol: string }).symbol)
      case 'balances':
        return this.#balances()
      case 'open-orders': {
        const { symbol } = query as { readonly symbol?: string }
        return this.#desk.openOrders(symbol)
      }
      case 'order':
        return this.#desk.order((query as { readonly clientOrderId: string }).clientOrderId)
      case 'fills': {
        const { symbol, since = 0 } = query as { readonly symbol: string; readonly since?: number }
        return this.#desk.fills.filter((fill: Fill) => fill.symbol === symbol && fill.at >= since)
      }
      case 'positions': {
        this.#desk.mark()
        return this.#desk.book.positions((query as { readonly strategyId?: string }).strategyId)
      }
      case 'results': {
        const { strategyId, after } = query as TradingQueries['results']['query']
        this.#desk.mark()
        return this.#desk.book.results(strategyId, after)
      }
      default:
        throw new InvalidInputError({
          code: 'UNKNOWN_QUERY',
          message: `${this.id} has no answer to ${JSON.stringify(kind)}`,
        })
    }
  }

  #candles({ symbol, timeframe, since, limit = candlesDefault }: TradingQueries['candles']['query']) {
    for (const cursor of this.cursors)
      if (cursor.symbol === symbol && (cursor.timeframe === timeframe || cursor.stepMs === durationMs(timeframe)))
        return cursor.candles(since, Math.min(limit, candlesMax), this.#clock.now())
    this.#requireKnown(symbol)
    throw new InvalidInputError({
      code: 'INVALID_TIMEFRAME',
      message: `${this.id} has no bars of ${timeframe} for ${symbol}; known: ${
        this.cursors
          .filter(cursor => cursor.symbol === symbol)
          .map(cursor => cursor.timeframe)
          .join(', ') || 'none'
      }`,
    })
  }

  #ticker(symbol: string): Ticker {
    this.#requireKnown(symbol)
    const { price, bid, ask } = this.broker.market(symbol)
    const { spread } = this.broker.rules
    const isQuoted = !Number.isNaN(price)
    const text = (value: number) => (isQuoted ? decimalText(value) : undefined)
    return {
      symbol,
      bid: text(bid ?? price * (1 - spread)),
      bidQuantity: undefined,
      ask: text(ask ?? price * (1 + spread)),
      askQuantity: undefined,
      last: text(price),
      at: this.#clock.now(),
    }
  }

  #instrument(symbol: string): Instrument {
    this.#requireKnown(symbol)
    const { unitStep, fees, account } = this.broker.rules
    const rate = (isMaker: boolean) => decimalText(fees.of(1, 1, isMaker) - fees.fixed)
    const { baseAsset, quoteAsset } = assetsOf(symbol)
    return {
      symbol,
      baseAsset,
      quoteAsset,
      priceStep: this.#priceStep,
      quantityStep: decimalText(unitStep),
      quantityMin: decimalText(unitStep),
      notionalMin: '0',
      makerFee: rate(true),
      takerFee: rate(false),
      canShort: account === 'margin',
      isTrading: true,
    }
  }

  /** Of a cash account both assets; on margin the money alone. */
  #balances(): readonly Balance[] {
    const { account, inventoryUnits, moneyDecimals } = this.broker.rules
    const { symbols } = this
    let money = this.broker.cash
    const held: Balance[] = []
    for (const symbol of symbols) {
      if (account === 'margin') continue
      for (const { units, entryPrice } of this.broker.market(symbol).trades) money -= units * entryPrice
      const total = Decimal.of(decimalText(inventoryUnits + this.broker.position(symbol)))
      held.push({ asset: assetsOf(symbol).baseAsset, free: total.text, locked: '0' })
    }
    const quoteAsset = assetsOf(symbols[0] as string).quoteAsset
    const free = moneyDecimals === undefined ? decimalText(money) : money.toFixed(moneyDecimals)
    return [...held, { asset: quoteAsset, free, locked: '0' }]
  }

  #requireKnown(symbol: string): void {
    const { symbols } = this
    if (symbols.includes(symbol)) return
    throw new TradingError({
      code: 'UNKNOWN_SYMBOL',
      message: `${this.id} trades nothing named ${symbol}; known: ${symbols.join(', ')}`,
    })
  }
}

function assetsOf(symbol: string): { readonly baseAsset: string; readonly quoteAsset: string } {
  const [baseAsset = symbol, quoteAsset = ''] = symbol.split(/[/:]/)
  return { baseAsset, quoteAsset }
}
