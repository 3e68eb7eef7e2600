import {
  AbortedError,
  type CallOptions,
  type Clock,
  Decimal,
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
import { cancelOrderSchema, closePositionSchema, placeOrderSchema } from './actions/order-actions.ts'
import type { TickFeed, TradingQueries } from './actions/queries.ts'
import type { Ticker } from './actions/views.ts'
import { AccountBook } from './book/account-book.ts'
import { assetsOf } from './book/symbol-assets.ts'
import { accountHoldings } from './exchange/account-holdings.ts'
import { balances, fills, oneOrder, openOrders } from './exchange/account-questions.ts'
import { AccountWatch, type Mismatch } from './exchange/account-watch.ts'
import { type Dated, MarketQuestions } from './exchange/ask-market.ts'
import { AssetRates } from './exchange/asset-rates.ts'
import { cancelOrder } from './exchange/cancel-order.ts'
import { CcxtClient, type CcxtClientOptions } from './exchange/ccxt-client.ts'
import type { ExchangeHands } from './exchange/hands.ts'
import { Instruments } from './exchange/instruments.ts'
import { OrderIds } from './exchange/order-ids.ts'
import { placeOrder } from './exchange/place-order.ts'
import { parseQuery } from './exchange/query-schemas.ts'
import { readParams } from './exchange/read-params.ts'
import { reconcile } from './exchange/reconcile.ts'
import { Streams } from './exchange/streams.ts'
import { untilAborted } from './exchange/until-aborted.ts'
import { trackedPort } from './log/step-log.ts'
import type { RateSource } from './rates/rate-source.ts'
import { tickerRates } from './rates/ticker-rates.ts'

export interface ExchangeVenueOptions extends CcxtClientOptions {
  /** @default the exchange's id */
  readonly id?: string
  /** Where the book, the account's last balances and the request weight are kept; the engine's own. */
  readonly store: Store
  /** What assets are worth in the base currency. @default the exchange's own tickers */
  readonly rates?: RateSource
  /** The currency of the budgets. @default 'USD' */
  readonly baseCurrency?: string
  /** Symbols whose orders and fills are looked at from the start; others join when they are first traded. @default none */
  readonly symbols?: readonly string[]
  /** A look at fills and open orders older than this is made again when results, positions or holdings are asked for. @default '5s' */
  readonly fillsEvery?: Duration
  /** The same of balances, which are compared with the fills. @default '5m' */
  readonly balancesEvery?: Duration
  readonly clock?: Clock
  readonly logger?: Logger
}

/** What is there once the account was opened. */
interface Account {
  readonly hands: ExchangeHands
  readonly watch: AccountWatch
}

const levelsDefault = 20

/**
 * Any exchange that ccxt knows, as a venue.
 *
 * @example
 * await using venue = new ExchangeVenue({ exchange: 'binance', credentials, store, rates: fixedRates({ 'USDT/USD': '1' }) })
 * const { value: ticker } = await venue.observe('ticker', { symbol: 'BTC/USDT' })
 */
export class ExchangeVenue implements Venue<TradingQueries>, TickFeed, AsyncDisposable {
  readonly id: string
  readonly domain = 'trading'
  readonly actions = tradingActions
  /** True unless every address it may talk to is on this machine. */
  readonly isReal: boolean
  readonly #options: ExchangeVenueOptions
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #client: CcxtClient
  readonly #instruments: Instruments
  readonly #market: MarketQuestions
  readonly #rates: AssetRates
  readonly #streams: Streams
  readonly #marks = new Map<string, string>()
  #opening: Promise<Account> | undefined
  #account: Account | undefined

  /** @throws {InvalidInputError} `UNKNOWN_EXCHANGE`, `INVALID_OPTION` */
  constructor(options: ExchangeVenueOptions) {
    const { clock = systemClock, logger = silentLogger, store } = options
    this.id = options.id ?? options.exchange
    this.#options = options
    this.#clock = clock
    this.#logger = logger
    this.#client = new CcxtClient({ ...options, clock, store })
    this.isReal = !this.#client.isLocal
    this.#instruments = new Instruments(this.#client, logger)
    this.#market = new MarketQuestions(this.#client, this.#instruments, clock)
    const rates = options.rates ?? tickerRates(this, { clock })
    this.#rates = new AssetRates(rates, options.baseCurrency ?? 'USD', logger)
    this.#streams = new Streams({
      client: this.#client,
      market: this.#market,
      clock,
      logger,
      onOrders: () => this.#account?.watch.touch(),
      onTick: tick => this.#mark(tick),
    })
  }

  /**
   * Loads the market data, and with credentials compares book and account.
   *
   * @throws {ExchangeError} `BAD_KEYS`, `CLOCK_SKEW`, `EXCHANGE_UNAVAILABLE` and the like, with one line that says what to do.
   */
  async connect(options: CallOptions = {}): Promise<void> {
    await this.#client.loadMarkets(options)
    if (!this.#client.hasCredentials) return
    const { watch } = await this.#open(options)
    await watch.look({ ...options, balances: true })
  }

  /** Closes every socket. What was begun is answered first or ends in `EXCHANGE_UNAVAILABLE`. */
  async close(): Promise<void> {
    await this.#streams.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async observe<Kind extends keyof TradingQueries & string>(
    kind: Kind,
    query: TradingQueries[Kind]['query'],
    options: CallOptions = {},
  ): Promise<Observation<TradingQueries[Kind]['result']>> {
    requireRunning(options)
    const { value, asOf } = await this.#answer(kind, query, options)
    return { value, asOf, source: `${this.id}:${kind}` } as Observation<TradingQueries[Kind]['result']>
  }

  /** Positions and open orders of all strategies, and balances that nothing explains (kind `mismatch`). */
  async holdings(options: CallOptions = {}): Promise<Observation<readonly Holding[]>> {
    requireRunning(options)
    const { hands, watch } = await this.#open(options)
    await watch.refresh(options)
    const value = await accountHoldings(hands, this.#marks, await watch.mismatches())
    return { value, asOf: this.#clock.now(), source: `${this.id}:account` }
  }

  /** Prices of `symbols` as they change, over WebSockets where the exchange has them. Own orders are listened to from then on as well. */
  subscribe(symbols: readonly string[], listener: (tick: Ticker) => void): () => void {
    this.#client.requireOpen()
    return this.#streams.subscribe(symbols, listener)
  }

  async execute(intent: Intent, options: ExecuteOptions): Promise<Receipt> {
    requireRunning(options)
    switch (intent.action) {
      case 'place-order': {
        const { symbol } = readParams(intent, placeOrderSchema)
        const { hands, watch } = await this.#prepare(symbol, options)
        await watch.requireExplained(symbol)
        return placeOrder(hands, intent, options)
      }
      case 'close-position': {
        const { symbol } = readParams(intent, closePositionSchema)
        const { hands, watch } = await this.#prepare(symbol, options)
        // What was filled since the last look may be what is to be closed.
        await watch.refresh(options)
        return placeOrder(hands, intent, options)
      }
      case 'cancel-order': {
        const order = readParams(intent, cancelOrderSchema)
        const { hands } = await this.#prepare(order.symbol, options)
        return cancelOrder(hands, intent, order, options)
      }
      default:
        throw new InvalidInputError({
          code: 'UNKNOWN_ACTION',
          message: `${this.id} has no action ${JSON.stringify(intent.action)}; known: ${Object.keys(tradingActions).join(', ')}`,
        })
    }
  }

  async reconcile(intent: Intent, options: ExecuteOptions): Promise<Reconciliation> {
    requireRunning(options)
    const { hands } = await this.#open(options)
    return reconcile(hands, intent, options)
  }

  /** Assets in which new risk stops because their balance is not what was there and what was traded. */
  async mismatches(options: CallOptions = {}): Promise<readonly Mismatch[]> {
    const { watch } = await this.#open(options)
    await watch.refresh(options)
    return watch.mismatches()
  }

  /**
   * Lets new risk in a symbol through again: its balances as they are now are taken for right.
   *
   * @param by Who decides it; stands in the log with `reason`.
   */
  async resolveMismatch(symbol: string, by: string, reason: string, options: CallOptions = {}): Promise<void> {
    const { watch } = await this.#open(options)
    await watch.resolve(symbol, by, reason, options)
  }

  async #answer(kind: keyof TradingQueries, query: unknown, options: CallOptions): Promise<Dated<unknown>> {
    switch (kind) {
      case 'ticker': {
        const { symbol } = parseQuery(kind, query)
        const streamed = this.#streams.tick(symbol)
        if (streamed !== undefined) return { value: streamed, asOf: streamed.at }
        const answer = await this.#market.ticker(symbol, options)
        this.#mark(answer.value)
        return answer
      }
      case 'tickers': {
        const answer = await this.#market.tickers(parseQuery(kind, query).symbols, options)
        for (const ticker of answer.value) this.#mark(ticker)
        return answer
      }
      case 'order-book': {
        const { symbol, levels = levelsDefault } = parseQuery(kind, query)
        return this.#streams.book(symbol, levels) ?? this.#market.orderBook(symbol, levels, options)
      }
      case 'candles':
        return this.#market.candles(parseQuery(kind, query), options)
      case 'instrument':
        return this.#dated(this.#instruments.get(parseQuery(kind, query).symbol, options))
      case 'balances':
        parseQuery(kind, query)
        return this.#ofAccount(options, ({ hands }) => balances(hands, options))
      case 'open-orders': {
        const { symbol } = parseQuery(kind, query)
        return this.#ofAccount(options, ({ hands }) => openOrders(hands, symbol, options))
      }
      case 'order': {
        const order = parseQuery(kind, query)
        return this.#ofAccount(options, ({ hands }) => oneOrder(hands, order, options))
      }
      case 'fills': {
        const asked = parseQuery(kind, query)
        return this.#ofAccount(options, ({ hands }) => fills(hands, asked, options))
      }
      case 'positions': {
        const { strategyId } = parseQuery(kind, query)
        return this.#ofAccount(options, async ({ hands, watch }) => {
          await watch.refresh(options)
          return hands.book.positions(strategyId)
        })
      }
      case 'results': {
        const { strategyId, after } = parseQuery(kind, query)
        return this.#ofAccount(options, async account => {
          await account.watch.refresh(options)
          await this.#markPositions(account, strategyId, options)
          return account.hands.book.results(strategyId, after)
        })
      }
      default:
        return parseQuery(kind, query)
    }
  }

  #ofAccount<T>(options: CallOptions, ask: (account: Account) => Promise<T>): Promise<Dated<T>> {
    return this.#dated(this.#open(options).then(ask))
  }

  /** As of when it was asked for. */
  async #dated<T>(asking: Promise<T>): Promise<Dated<T>> {
    const asOf = this.#clock.now()
    return { value: await asking, asOf }
  }

  /** The account, its markets known and a first look made. */
  async #open(options: CallOptions): Promise<Account> {
    this.#client.requireOpen()
    this.#client.requireCredentials('the account')
    // Several may wait for it: one of them that aborts does not end it for the others.
    this.#opening ??= this.#openAccount({}).catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return untilAborted(this.#opening, options.signal)
  }

  async #openAccount(options: CallOptions): Promise<Account> {
    const { store, symbols = [], fillsEvery = '5s', balancesEvery = '5m' } = this.#options
    await this.#client.loadMarkets(options)
    for (const symbol of symbols) await this.#instruments.require(symbol, options)
    const hands: ExchangeHands = {
      venueId: this.id,
      client: this.#client,
      clock: this.#clock,
      logger: this.#logger,
      book: await AccountBook.open({ name: this.id, store: trackedPort(store, this.#clock) }),
      rates: this.#rates,
      ids: new OrderIds(),
      instruments: this.#instruments,
    }
    const watch = await AccountWatch.open(hands, store, {
      symbols,
      fillsMsMax: durationMs(fillsEvery),
      balancesMsMax: durationMs(balancesEvery),
    })
    await watch.begin(options)
    this.#account = { hands, watch }
    return this.#account
  }

  /** Everything that must hold before an order of a symbol leaves; nothing has left when it throws. */
  async #prepare(symbol: string, options: CallOptions): Promise<Account> {
    const account = await this.#open(options)
    await this.#instruments.require(symbol, options)
    await account.watch.join(symbol)
    return account
  }

  #mark({ symbol, bid, ask, last, at }: Ticker): void {
    const price = bid !== undefined && ask !== undefined ? Decimal.of(bid).plus(ask).times('0.5').text : last
    if (price === undefined) return
    this.#marks.set(symbol, price)
    this.#account?.hands.book.mark(symbol, price, at)
  }

  /** What is held is worth what it is worth now; a price that cannot be had leaves the last. */
  async #markPositions({ hands }: Account, strategyId: string, options: CallOptions): Promise<void> {
    const symbols = hands.book.positions(strategyId).map(({ symbol }) => symbol)
    for (const symbol of symbols) {
      try {
        await this.observe('ticker', { symbol }, options)
        hands.book.revalue(symbol, await this.#rates.now(assetsOf(symbol).quote))
      } catch (error) {
        if (options.signal?.aborted === true) throw error
        this.#logger.warn({ symbol }, `no new mark: ${describeError(error)}`)
      }
    }
  }
}

/** @throws {AbortedError} Before anything is asked. */
function requireRunning({ signal }: CallOptions): void {
  if (signal?.aborted) throw new AbortedError({ cause: signal.reason })
}
