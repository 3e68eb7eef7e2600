import type { Exchange } from './market/exchange.ts'
import type { Listing } from './market/listing.ts'
import type { Order, Trade } from './matching/order.ts'
import type { Trader } from './matching/trader.ts'
import { formatUnits } from './matching/units.ts'
import type { LoggedRequest, RequestLog } from './wire/request-log.ts'
import { orderRow } from './wire/rows/order-row.ts'
import { ownTradeRow } from './wire/rows/trade-row.ts'

/** One asset of one account, decimal strings. */
export interface BalanceTruth {
  readonly free: string
  readonly locked: string
}

/** The truth behind the wire, whatever faults make clients believe. */
export class ExchangeInspection {
  readonly #exchange: Exchange
  readonly #log: RequestLog

  constructor(exchange: Exchange, log: RequestLog) {
    this.#exchange = exchange
    this.#log = log
  }

  /** Requests so far. */
  get requestCount(): number {
    return this.#log.count
  }

  /** The last requests, oldest first. Never holds a key. */
  get requests(): readonly LoggedRequest[] {
    return this.#log.requests
  }

  /** For example `{ 'POST /api/v3/order': 3 }`. */
  get countByEndpoint(): Readonly<Record<string, number>> {
    return this.#log.countByEndpoint
  }

  /** Balances of an account by asset. */
  balances(account: string): Readonly<Record<string, BalanceTruth>> {
    return Object.fromEntries(
      [...this.#trader(account).balances].map(([asset, { free, locked }]) => [
        asset,
        { free: formatUnits(free), locked: formatUnits(locked) },
      ]),
    )
  }

  /** All orders of an account, oldest first, as its queries would show them. */
  orders(account: string): readonly OrderTruth[] {
    return [...(this.#trader(account).history?.orders ?? [])].map(order => orderRow(order) as OrderTruth)
  }

  /** All trades of an account, oldest first. */
  trades(account: string): readonly TradeTruth[] {
    const trader = this.#trader(account)
    return [...(trader.history?.trades ?? [])].map(
      trade => ownTradeRow(trade, trade.taker.trader === trader ? trade.taker : trade.maker) as TradeTruth,
    )
  }

  /** Orders of an account whose client order id an earlier one had: what a client that repeats blindly causes. */
  reusedClientOrderIds(account: string): number {
    return this.#trader(account).history?.reusedClientOrderIds ?? 0
  }

  /** All there is of each asset, over all accounts and the exchange's fees: constant, or something appeared or vanished. */
  totals(): Readonly<Record<string, string>> {
    const totals = new Map(this.#exchange.engine.fees)
    for (const trader of this.#exchange.traders.values())
      for (const [asset, { free, locked }] of trader.balances)
        totals.set(asset, (totals.get(asset) ?? 0n) + free + locked)
    return Object.fromEntries([...totals].map(([asset, units]) => [asset, formatUnits(units)]))
  }

  /** The fair price of a symbol here and now, in the quote asset. */
  fairPrice(symbol: string): number {
    return this.#exchange.fairPrice(this.#listing(symbol), this.#exchange.nowMs)
  }

  /** Multiplies the fair price from now on: 0.9 is a crash by a tenth. */
  shock(symbol: string, factor: number): void {
    this.#listing(symbol).shock *= factor
  }

  /** Closes or opens a market for new orders. While it is closed its makers are away. */
  setTrading(symbol: string, isTrading: boolean): void {
    const listing = this.#listing(symbol)
    listing.isTrading = isTrading
    if (!isTrading) listing.participants?.withdraw(this.#exchange.nowMs)
  }

  #trader(account: string): Trader {
    const trader = this.#exchange.traders.get(account)
    if (trader === undefined) throw new RangeError(`no account is named ${account}`)
    return trader
  }

  #listing(symbol: string): Listing {
    const listing = this.#exchange.listings.get(symbol)
    if (listing === undefined) throw new RangeError(`no market is named ${symbol}`)
    return listing
  }
}

/** An order as `inspect` shows it; amounts are decimal strings. */
export interface OrderTruth {
  readonly symbol: string
  readonly orderId: number
  readonly clientOrderId: string
  readonly price: string
  readonly origQty: string
  readonly executedQty: string
  readonly cummulativeQuoteQty: string
  readonly status: Order['status']
  readonly timeInForce: Order['timeInForce']
  readonly type: Order['type']
  readonly side: Order['side']
  readonly stopPrice: string
}

/** A trade as `inspect` shows it; amounts are decimal strings. */
export interface TradeTruth {
  readonly symbol: string
  readonly id: Trade['id']
  readonly orderId: number
  readonly price: string
  readonly qty: string
  readonly quoteQty: string
  readonly commission: string
  readonly commissionAsset: string
  readonly time: number
  readonly isBuyer: boolean
  readonly isMaker: boolean
}
