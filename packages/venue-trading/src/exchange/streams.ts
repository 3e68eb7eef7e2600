import { AutomationError, type Clock, describeError, type Logger } from '@org/core'
import type { OrderBook, Ticker } from '../actions/views.ts'
import type { Dated, MarketQuestions } from './ask-market.ts'
import type { CcxtClient } from './ccxt-client.ts'
import { readOrderBook, readTicker } from './read-market-data.ts'
import { listen, quietMsMax } from './stream-loop.ts'

type Listener = (tick: Ticker) => void

/**
 * Best prices, books and news of own orders over WebSockets, where ccxt has them for the exchange; REST in their place where not, and while they are
 * silent or broken. Nothing is opened before the first subscription.
 */
export class Streams {
  readonly #client: CcxtClient
  readonly #market: MarketQuestions
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #onOrders: () => void
  readonly #onTick: Listener
  readonly #stop = new AbortController()
  readonly #ticks = new Map<string, Ticker & { readonly heardAt: number }>()
  readonly #books = new Map<string, { book: unknown; heardAt: number }>()
  readonly #subscribed = new Map<string, number>()
  readonly #running = new Set<Promise<void>>()
  #ready: Promise<unknown> | undefined
  #hasOrders = false

  /** @param options `onOrders`: an order of the account changed; `onTick`: any new best price. */
  constructor(options: {
    readonly client: CcxtClient
    readonly market: MarketQuestions
    readonly clock: Clock
    readonly logger: Logger
    readonly onOrders: () => void
    readonly onTick: Listener
  }) {
    this.#client = options.client
    this.#market = options.market
    this.#clock = options.clock
    this.#logger = options.logger
    this.#onOrders = options.onOrders
    this.#onTick = options.onTick
  }

  subscribe(symbols: readonly string[], listener: Listener): () => void {
    const stop = new AbortController()
    for (const symbol of symbols) this.#subscribed.set(symbol, (this.#subscribed.get(symbol) ?? 0) + 1)
    const tell: Listener = tick => {
      const before = this.#ticks.get(tick.symbol)
      this.#ticks.set(tick.symbol, { ...tick, heardAt: this.#clock.now() })
      this.#onTick(tick)
      if (before !== undefined && !isNews(before, tick)) return
      try {
        listener(tick)
      } catch (error) {
        // Its fault is not the stream's.
        this.#logger.error({ symbol: tick.symbol }, `a listener of prices failed: ${describeError(error)}`)
      }
    }
    for (const group of this.#groups(symbols)) this.#run(this.#tickers(group, tell), stop.signal)
    this.#listenToOrders()
    return () => {
      if (stop.signal.aborted) return
      stop.abort()
      for (const symbol of symbols) this.#subscribed.set(symbol, (this.#subscribed.get(symbol) ?? 1) - 1)
    }
  }

  /** The newest streamed price, unless the stream is silent. */
  tick(symbol: string): Ticker | undefined {
    const tick = this.#ticks.get(symbol)
    if (tick === undefined || !this.#isFresh(symbol, tick.heardAt)) return undefined
    const { heardAt: _, ...ticker } = tick
    return ticker
  }

  /** The streamed book of a subscribed symbol. Asking for one begins its stream; until it has spoken there is none. */
  book(symbol: string, levels: number): Dated<OrderBook> | undefined {
    if (!this.#isSubscribed(symbol) || this.#client.exchange.has['watchOrderBook'] !== true) return undefined
    const cached = this.#books.get(symbol)
    if (cached === undefined) {
      this.#listenToBook(symbol)
      return undefined
    }
    if (cached.book === undefined || !this.#isFresh(symbol, cached.heardAt)) return undefined
    const { book, at } = readOrderBook(this.#client.exchange.id, symbol, levels, cached.book, cached.heardAt)
    return { value: book, asOf: at }
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#client.close()
    await Promise.all(this.#running)
  }

  #isSubscribed(symbol: string): boolean {
    return (this.#subscribed.get(symbol) ?? 0) > 0
  }

  #isFresh(symbol: string, heardAt: number): boolean {
    const age = this.#clock.now() - heardAt
    return this.#isSubscribed(symbol) && age >= 0 && age <= quietMsMax
  }

  /** Together where ccxt streams several symbols at once, else one by one. */
  #groups(symbols: readonly string[]): readonly (readonly string[])[] {
    const { has } = this.#client.exchange
    const areTogether = has['watchBidsAsks'] === true || has['watchTickers'] === true || has['watchTicker'] !== true
    return areTogether ? [symbols] : symbols.map(symbol => [symbol])
  }

  #tickers(symbols: readonly string[], tell: Listener) {
    const { exchange } = this.#client
    const { has, id } = exchange
    const [first = ''] = symbols
    const next = async (): Promise<unknown> => {
      if (has['watchBidsAsks'] === true) return exchange.watchBidsAsks(symbols)
      if (has['watchTickers'] === true) return exchange.watchTickers(symbols)
      if (has['watchTicker'] === true) return { [first]: await exchange.watchTicker(first) }
      // Nothing streams here: asking now and then is what there is.
      return new Promise(() => {})
    }
    return {
      name: `tickers of ${symbols.slice(0, 3).join(', ')}${symbols.length > 3 ? ', …' : ''}`,
      next,
      onMessage: (message: unknown) => {
        for (const [symbol, row] of Object.entries(message as Readonly<Record<string, unknown>>)) {
          if (!symbols.includes(symbol)) continue
          try {
            tell(readTicker(id, symbol, row, this.#clock.now()))
          } catch (error) {
            if (!AutomationError.isInstance(error)) throw error
            this.#logger.debug({ code: error.code, symbol }, error.shortMessage)
          }
        }
      },
      onQuiet: async () => {
        for (const tick of (await this.#market.tickers(symbols, { signal: this.#stop.signal })).value) tell(tick)
      },
    }
  }

  #listenToBook(symbol: string): void {
    const cache: { book: unknown; heardAt: number } = { book: undefined, heardAt: 0 }
    this.#books.set(symbol, cache)
    const task = {
      name: `the book of ${symbol}`,
      next: () => this.#client.exchange.watchOrderBook(symbol),
      // ccxt goes on changing the same book: it is read when it is asked for.
      onMessage: (book: unknown) => Object.assign(cache, { book, heardAt: this.#clock.now() }),
      onQuiet: async () => {},
    }
    this.#run(task, this.#stop.signal)
  }

  #listenToOrders(): void {
    const { exchange, hasCredentials } = this.#client
    if (this.#hasOrders || !hasCredentials || exchange.has['watchOrders'] !== true) return
    this.#hasOrders = true
    const task = {
      name: 'own orders',
      next: () => exchange.watchOrders(),
      onMessage: () => this.#onOrders(),
      // Orders may rest for days: silence is nothing to worry about, and looks are made anyway.
      onQuiet: async () => {},
    }
    this.#run(task, this.#stop.signal)
  }

  #run<T>(task: Parameters<typeof listen<T>>[0], signal: AbortSignal): void {
    const tools = {
      client: this.#client,
      clock: this.#clock,
      logger: this.#logger,
      signal: AbortSignal.any([signal, this.#stop.signal]),
    }
    const { next } = task
    // ccxt wants this before it opens a socket without TLS, and the market data before anything.
    const ready = () => {
      this.#ready ??= this.#client.loadMarkets().then(() => this.#client.exchange.loadHttpProxyAgent())
      return this.#ready.catch((error: unknown) => {
        this.#ready = undefined
        throw error
      })
    }
    const running = listen({ ...task, next: () => ready().then(next) }, tools)
    this.#running.add(running)
    void running.finally(() => this.#running.delete(running))
  }
}

function isNews(a: Ticker, b: Ticker): boolean {
  return (
    a.bid !== b.bid ||
    a.ask !== b.ask ||
    a.bidQuantity !== b.bidQuantity ||
    a.askQuantity !== b.askQuantity ||
    a.last !== b.last
  )
}
