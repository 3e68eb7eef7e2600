import type { Listing } from '../market/listing.ts'
import type { EngineListener } from '../matching/matching-engine.ts'
import type { Order, Trade } from '../matching/order.ts'
import { candleInterval } from '../wire/rows/candle-row.ts'
import type { Simulation } from '../wire/simulation.ts'
import type { Connection } from './connection.ts'
import {
  aggregateTradeEvent,
  bookTickerEvent,
  candleEvent,
  depthEvent,
  partialDepthEvent,
  tickerEvent,
  tradeEvent,
} from './market-events.ts'
import { parseStream, type Stream } from './stream-name.ts'
import { accountPosition, executionReport } from './user-events.ts'

const TICKER_MS = 1_000
const QUEUE_MAX = 100_000

interface Active {
  readonly stream: Stream
  readonly readers: Set<Connection>
  /** What was told last: the same is not told twice. */
  told: string
  toldAtMs: number
}

/** Who listens to what. Collects what happens and tells it when a request or an advance of time has ended. */
export class StreamHub implements EngineListener {
  readonly #simulation: Simulation
  readonly #connections = new Set<Connection>()
  readonly #active = new Map<string, Active>()
  readonly #trades: Trade[] = []
  readonly #reports: { readonly account: string; readonly event: object }[] = []
  readonly #touched = new Map<string, Set<string>>()
  /** Update id up to which the depth stream of a symbol has told. */
  readonly #depthTold = new Map<string, number>()

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    simulation.exchange.listen(this)
  }

  get connections(): ReadonlySet<Connection> {
    return this.#connections
  }

  add(connection: Connection): void {
    this.#connections.add(connection)
  }

  remove(connection: Connection): void {
    this.#connections.delete(connection)
    for (const name of [...connection.streams]) this.unsubscribe(connection, name)
  }

  /** False when there is no such stream. */
  subscribe(connection: Connection, name: string): boolean {
    const stream = parseStream(name)
    if (stream === undefined) return false
    const active = this.#active.get(name) ?? { stream, readers: new Set(), told: '', toldAtMs: 0 }
    this.#active.set(name, active)
    active.readers.add(connection)
    connection.streams.add(name)
    // A newcomer hears at once how things stand.
    active.told = ''
    active.toldAtMs = 0
    const listing = this.#listing(stream)
    if (stream.kind === 'depth' && listing !== undefined && listing.market.depthChanges === undefined) {
      listing.market.depthChanges = { bids: new Set(), asks: new Set() }
      this.#depthTold.set(listing.market.instrument.symbol, listing.market.updateId)
    }
    return true
  }

  unsubscribe(connection: Connection, name: string): void {
    connection.streams.delete(name)
    const active = this.#active.get(name)
    if (active === undefined) return
    active.readers.delete(connection)
    if (active.readers.size > 0) return
    this.#active.delete(name)
    const isLastDepth = ![...this.#active.values()].some(
      ({ stream }) => stream.kind === 'depth' && stream.symbol === active.stream.symbol,
    )
    const listing = this.#listing(active.stream)
    if (active.stream.kind === 'depth' && isLastDepth && listing !== undefined) listing.market.depthChanges = undefined
  }

  orderChanged(order: Order, trade?: Trade): void {
    const account = order.trader.name
    if (!this.#isHeard(account)) return
    if (this.#reports.length < QUEUE_MAX)
      this.#reports.push({ account, event: executionReport(order, trade, this.#simulation.serverMs) })
    const touched = this.#touched.get(account) ?? new Set()
    this.#touched.set(account, touched.add(order.market.instrument.base).add(order.market.instrument.quote))
  }

  traded(trade: Trade): void {
    if (this.#active.size > 0 && this.#trades.length < QUEUE_MAX) this.#trades.push(trade)
  }

  /** Tells everybody what happened since the last time. */
  flush(): void {
    const atMs = this.#simulation.serverMs
    this.#tellAccounts(atMs)
    if (this.#active.size === 0) return
    const trades = this.#trades.splice(0)
    for (const [name, active] of this.#active) this.#tellStream(name, active, trades, atMs)
    this.#tellDepth(atMs)
  }

  #tellAccounts(atMs: number): void {
    for (const { account, event } of this.#reports.splice(0)) this.#tellAccount(account, event)
    for (const [account, assets] of this.#touched) {
      const trader = this.#simulation.exchange.traders.get(account)
      if (trader !== undefined) this.#tellAccount(account, accountPosition(trader, assets, atMs))
    }
    this.#touched.clear()
  }

  #tellAccount(account: string, event: object): void {
    for (const connection of this.#connections)
      for (const [subscriptionId, name] of connection.accounts)
        if (name === account) connection.send({ subscriptionId, event })
  }

  #tellStream(name: string, active: Active, trades: readonly Trade[], atMs: number): void {
    const { stream } = active
    if (stream.kind === 'trade' || stream.kind === 'aggregate-trade') {
      const form = stream.kind === 'trade' ? tradeEvent : aggregateTradeEvent
      for (const trade of trades)
        if (trade.market.instrument.symbol === stream.symbol) tell(name, active, form(trade, atMs))
      return
    }
    const listing = this.#listing(stream)
    switch (stream.kind) {
      case 'book-ticker':
        if (listing !== undefined) tellOnce(name, active, bookTickerEvent(listing.market), listing.market.updateId)
        return
      case 'partial-depth':
        if (listing !== undefined)
          tellOnce(name, active, partialDepthEvent(listing.market, stream.levels), listing.market.updateId)
        return
      case 'candle':
        if (listing !== undefined) this.#tellCandle(name, active, listing, stream.interval, atMs)
        return
      case 'ticker':
      case 'mini-ticker': {
        if (atMs - active.toldAtMs < TICKER_MS) return
        active.toldAtMs = atMs
        const form = stream.kind === 'ticker' ? 'full' : 'mini'
        if (listing !== undefined) tell(name, active, tickerEvent(listing, form, atMs))
        else if (stream.symbol === undefined)
          tell(
            name,
            active,
            [...this.#simulation.exchange.listings.values()].map(each => tickerEvent(each, form, atMs)),
          )
        return
      }
      default:
        return
    }
  }

  #tellCandle(name: string, active: Active, listing: Listing, interval: string, atMs: number): void {
    const { intervalMs = 1 } = candleInterval(interval) ?? {}
    // A candle that has closed since is told once more, as closed.
    if (active.toldAtMs > 0 && Math.floor(active.toldAtMs / intervalMs) < Math.floor(atMs / intervalMs)) {
      const closed = candleEvent(listing, interval, active.toldAtMs, atMs)
      if (closed !== undefined) tell(name, active, closed)
    }
    active.toldAtMs = atMs
    const current = candleEvent(listing, interval, atMs, atMs) as { readonly k: object } | undefined
    if (current !== undefined) tellOnce(name, active, current, JSON.stringify(current.k))
  }

  #tellDepth(atMs: number): void {
    for (const { market } of this.#simulation.exchange.listings.values()) {
      const { symbol } = market.instrument
      const told = this.#depthTold.get(symbol) ?? market.updateId
      if (market.depthChanges === undefined || told === market.updateId) continue
      const event = depthEvent(market, market.depthChanges, told, atMs)
      market.depthChanges.bids.clear()
      market.depthChanges.asks.clear()
      this.#depthTold.set(symbol, market.updateId)
      for (const [name, active] of this.#active)
        if (active.stream.kind === 'depth' && active.stream.symbol === symbol) tell(name, active, event)
    }
  }

  #listing({ symbol }: Stream): Listing | undefined {
    return symbol === undefined ? undefined : this.#simulation.exchange.listings.get(symbol)
  }

  #isHeard(account: string): boolean {
    for (const { accounts } of this.#connections)
      for (const name of accounts.values()) if (name === account) return true
    return false
  }
}

function tell(name: string, { readers }: Active, event: object): void {
  for (const reader of readers) reader.tell(name, event)
}

function tellOnce(name: string, active: Active, event: object, state: string | number): void {
  if (active.told === String(state)) return
  active.told = String(state)
  tell(name, active, event)
}
