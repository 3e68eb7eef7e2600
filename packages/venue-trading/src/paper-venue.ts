import {
  type CallOptions,
  type Clock,
  type Duration,
  describeError,
  durationMs,
  type ExecuteOptions,
  type Holding,
  type Intent,
  InvalidInputError,
  type Logger,
  type Observation,
  type Receipt,
  type Reconciliation,
  type Store,
  silentLogger,
  systemClock,
  type Venue,
} from '@org/core'
import { tradingActions } from './actions/action-map.ts'
import type { DecimalText } from './actions/decimal-text.ts'
import { cancelOrderSchema, closePositionSchema, placeOrderSchema } from './actions/order-actions.ts'
import type { TickFeed, TradingQueries } from './actions/queries.ts'
import type { Ticker } from './actions/views.ts'
import { AccountBook } from './book/account-book.ts'
import { assetsOf } from './book/symbol-assets.ts'
import { accountHoldings } from './exchange/account-holdings.ts'
import { AssetRates } from './exchange/asset-rates.ts'
import { parseQuery } from './exchange/query-schemas.ts'
import { readParams } from './exchange/read-params.ts'
import { nowhere, trackedPort } from './log/step-log.ts'
import type { MarketData } from './paper/market-data.ts'
import { PaperDelivery } from './paper/paper-delivery.ts'
import { PaperExchange } from './paper/paper-exchange.ts'
import type { PaperHands } from './paper/paper-hands.ts'
import { middleOf, PaperMarket } from './paper/paper-market.ts'
import { orderView } from './paper/paper-order.ts'
import { closePosition, placeOrder } from './paper/place-order.ts'
import { cancelOrder, reconcile } from './paper/reconcile.ts'
import { fixedRates } from './rates/fixed-rates.ts'
import type { RateSource } from './rates/rate-source.ts'

export interface PaperVenueOptions {
  /** @default 'paper' */
  readonly id?: string
  /** Where prices come from: `scriptedMarket`, or any trading venue. */
  readonly market: MarketData
  /** What the account starts with, by asset. */
  readonly balances: { readonly [asset: string]: DecimalText }
  /**
   * `cash`: both assets move, and nothing is sold that is not there. `margin`: only the quote asset moves, by results and fees, and short positions
   * may be held. Nobody is liquidated.
   *
   * @default 'cash'
   */
  readonly account?: 'cash' | 'margin'
  /** On margin: a position holds its notional divided by this. @default '1' */
  readonly leverage?: DecimalText
  /** How long an order is under way: it meets the book that stands then. @default 0 */
  readonly latency?: Duration
  /** Instead of what the market says. */
  readonly fees?: { readonly maker: DecimalText; readonly taker: DecimalText }
  /** Fees of an asset are rounded to so many places, half up; others are exact. @default none */
  readonly feePlaces?: { readonly [asset: string]: number }
  /** What quote assets are worth in the base currency. @default none is known but the base currency itself */
  readonly rates?: RateSource
  /** The currency of the budgets. @default 'USD' */
  readonly baseCurrency?: string
  /** Where account and book are kept, so that a restart goes on. @default nowhere */
  readonly store?: Pick<Store, 'loadState' | 'saveState'>
  readonly clock?: Clock
  readonly logger?: Logger
}

const levelsDefault = 20

/**
 * Trading with simulated fills on any market's prices: the same actions, checks, book and budgets as at an exchange, and no money.
 *
 * Orders at the market and limits that can be filled walk the order book; what rests is filled at its price when the other side reaches it. Nobody else
 * reacts to them: what large orders do to a market is not shown.
 *
 * @example
 * const market = scriptedMarket({ clock, symbols: { 'BTC/USDT': {} } })
 * const venue = new PaperVenue({ market, balances: { USDT: '10000' }, baseCurrency: 'USDT' })
 */
export class PaperVenue implements Venue<TradingQueries>, TickFeed, AsyncDisposable {
  readonly id: string
  readonly domain = 'trading'
  readonly actions = tradingActions
  readonly isReal = false
  readonly #options: PaperVenueOptions
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #market: PaperMarket
  readonly #underWay = new Map<string, Promise<Receipt>>()
  #opening: Promise<PaperHands> | undefined
  #hands: PaperHands | undefined
  /** What ticks brought about and is not yet in the book. */
  #takingIn: Promise<void> = Promise.resolve()

  constructor(options: PaperVenueOptions) {
    const { id = 'paper', account = 'cash', fees, clock = systemClock, logger = silentLogger } = options
    this.id = id
    this.#options = options
    this.#clock = clock
    this.#logger = logger
    const terms = {
      canShort: account === 'margin',
      ...(fees === undefined ? {} : { makerFee: fees.maker, takerFee: fees.taker }),
    }
    this.#market = new PaperMarket(options.market, terms, ticker => this.#onTick(ticker))
  }

  /** @throws AutomationError `STATE_UNREADABLE` when what was kept does not fit this version. */
  async connect(): Promise<void> {
    await this.#open()
  }

  async close(): Promise<void> {
    await this.#takingIn
    this.#market.stop()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async observe<Kind extends keyof TradingQueries & string>(
    kind: Kind,
    query: TradingQueries[Kind]['query'],
    options: CallOptions = {},
  ): Promise<Observation<TradingQueries[Kind]['result']>> {
    const answer = await this.#answer(kind, query, options)
    return answer as Observation<TradingQueries[Kind]['result']>
  }

  /** Positions and open orders of all strategies. */
  async holdings(options: CallOptions = {}): Promise<Observation<readonly Holding[]>> {
    const hands = await this.#look(options)
    return this.#observed('account', await accountHoldings(hands, new Map(), []))
  }

  /**
   * Prices of `symbols` as they come. Resting orders have met them by then.
   *
   * @throws {InvalidInputError} `NO_TICK_FEED` over a market that has to be asked.
   */
  subscribe(symbols: readonly string[], listener: (tick: Ticker) => void): () => void {
    return this.#market.subscribe(symbols, listener)
  }

  async execute(intent: Intent, options: ExecuteOptions): Promise<Receipt> {
    const underWay = this.#underWay.get(intent.id)
    if (underWay !== undefined) return underWay
    const work = this.#execute(intent, options).finally(() => this.#underWay.delete(intent.id))
    this.#underWay.set(intent.id, work)
    return work
  }

  async reconcile(intent: Intent, options: ExecuteOptions): Promise<Reconciliation> {
    if (this.#underWay.has(intent.id)) return { status: 'unknown', reason: 'it is under way in this process' }
    return reconcile(await this.#open(), intent, options)
  }

  async #execute(intent: Intent, options: ExecuteOptions): Promise<Receipt> {
    const hands = this.#hands ?? (await this.#open())
    const given = hands.book.receiptOf(intent.id)
    if (given !== undefined) return given
    switch (intent.action) {
      case 'place-order':
        return placeOrder(hands, intent, readParams(intent, placeOrderSchema), options)
      case 'close-position':
        // What was filled since the last look may be what is to be closed.
        await this.#look(options)
        return closePosition(hands, intent, readParams(intent, closePositionSchema), options)
      case 'cancel-order':
        return cancelOrder(hands, intent, readParams(intent, cancelOrderSchema))
      default:
        throw new InvalidInputError({
          code: 'UNKNOWN_ACTION',
          message: `${this.id} has no action ${JSON.stringify(intent.action)}; known: ${Object.keys(tradingActions).join(', ')}`,
        })
    }
  }

  async #answer(kind: keyof TradingQueries, query: unknown, options: CallOptions): Promise<Observation<unknown>> {
    switch (kind) {
      case 'ticker':
      case 'tickers':
      case 'candles':
        return this.#market.observe(kind, parseQuery(kind, query) as never, options)
      case 'order-book': {
        const { symbol, levels = levelsDefault } = parseQuery(kind, query)
        return this.#market.orderBook(symbol, levels, options)
      }
      case 'instrument':
        return this.#market.instrument(parseQuery(kind, query).symbol, options)
      case 'balances':
        parseQuery(kind, query)
        return this.#observed(kind, (await this.#look(options)).exchange.balances())
      case 'open-orders': {
        const { symbol } = parseQuery(kind, query)
        return this.#observed(kind, (await this.#look(options)).exchange.openOrders(symbol).map(orderView))
      }
      case 'order': {
        const { symbol, clientOrderId } = parseQuery(kind, query)
        const order = (await this.#look(options)).exchange.order(clientOrderId)
        return this.#observed(kind, order?.symbol === symbol ? orderView(order) : undefined)
      }
      case 'fills': {
        const { symbol, since = 0 } = parseQuery(kind, query)
        const fills = (await this.#look(options)).exchange.fills()
        return this.#observed(
          kind,
          fills.filter(fill => fill.symbol === symbol && fill.at >= since),
        )
      }
      case 'positions': {
        const { strategyId } = parseQuery(kind, query)
        return this.#observed(kind, (await this.#look(options)).book.positions(strategyId))
      }
      case 'results': {
        const { strategyId, after } = parseQuery(kind, query)
        const hands = await this.#look(options)
        await revalue(hands, strategyId)
        return this.#observed(kind, await hands.book.results(strategyId, after))
      }
      default:
        return parseQuery(kind, query)
    }
  }

  /** The account as it is now: what prices have brought about is in it. */
  async #look(options: CallOptions): Promise<PaperHands> {
    const hands = await this.#open()
    if (!this.#market.hasFeed) {
      const held = hands.book.positions().map(({ symbol }) => symbol)
      const symbols = [...new Set([...held, ...hands.exchange.openSymbols])]
      if (symbols.length > 0) {
        const { value } = await this.#market.observe('tickers', { symbols }, options)
        for (const ticker of value) this.#onTick(ticker)
      }
    }
    await this.#takingIn
    if (hands.delivery.isDue) this.#deliver(hands)
    await this.#takingIn
    return hands
  }

  /** Hot path: 20,000 times a second in a busy process. */
  #onTick(ticker: Ticker): void {
    const hands = this.#hands
    if (hands === undefined) return
    const events = hands.exchange.onTicker(ticker)
    if (hands.book.knows(ticker.symbol)) {
      const price = middleOf(ticker)
      if (price !== undefined) hands.book.mark(ticker.symbol, price, ticker.at)
    }
    if (events.orders.length === 0) return
    hands.delivery.add(events)
    this.#deliver(hands)
  }

  #deliver({ delivery }: PaperHands): void {
    const delivered = this.#takingIn.then(() => delivery.deliver(async () => {}))
    this.#takingIn = delivered.catch((error: unknown) =>
      this.#logger.error({}, `${this.id}: fills could not be written down, it is tried again: ${describeError(error)}`),
    )
  }

  async #open(): Promise<PaperHands> {
    this.#opening ??= this.#openAccount().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  async #openAccount(): Promise<PaperHands> {
    const { account = 'cash', leverage = '1', feePlaces = {}, latency = 0, baseCurrency = 'USD' } = this.#options
    const { rates = fixedRates({}, { clock: this.#clock }), balances, store } = this.#options
    const port = store === undefined ? nowhere : trackedPort(store, this.#clock)
    const terms = { kind: account, leverage, feePlaces }
    const exchange = await PaperExchange.open({ name: this.id, store: port, terms, balances })
    const book = await AccountBook.open({ name: this.id, store: port })
    const assetRates = new AssetRates(rates, baseCurrency, this.#logger)
    const delivery = new PaperDelivery(exchange, book, assetRates, this.#clock)
    const hands: PaperHands = {
      venueId: this.id,
      market: this.#market,
      exchange,
      book,
      delivery,
      rates: assetRates,
      clock: this.#clock,
      latencyMs: durationMs(latency),
    }
    // The exchange may have written down what the book had not heard of when the process ended.
    await delivery.deliverAll()
    for (const symbol of hands.exchange.openSymbols) this.#market.follow(symbol)
    for (const { symbol } of hands.book.positions()) this.#market.follow(symbol)
    this.#hands = hands
    return hands
  }

  #observed<Value>(answer: string, value: Value): Observation<Value> {
    return { value, asOf: this.#clock.now(), source: `${this.id}:${answer}` }
  }
}

/** What is held is worth what its quote asset is worth now; a rate that cannot be had leaves the last. */
async function revalue({ book, rates }: PaperHands, strategyId: string): Promise<void> {
  for (const { symbol } of book.positions(strategyId)) {
    const rate = await rates.now(assetsOf(symbol).quote).catch(() => undefined)
    if (rate !== undefined) book.revalue(symbol, rate)
  }
}
