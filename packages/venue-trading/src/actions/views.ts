import type { Amount, ClosedPosition, Posting } from '@org/core'
import type { DecimalText } from './decimal-text.ts'
import type { Side } from './order-actions.ts'

/** Best prices now. Absent sides: nobody quotes there. */
export interface Ticker {
  readonly symbol: string
  readonly bid: DecimalText | undefined
  readonly bidQuantity: DecimalText | undefined
  readonly ask: DecimalText | undefined
  readonly askQuantity: DecimalText | undefined
  readonly last: DecimalText | undefined
  /** When this was true at the exchange, milliseconds since the epoch. */
  readonly at: number
}

/** Price and quantity that rest at it. */
export type BookLevel = readonly [price: DecimalText, quantity: DecimalText]

/** Best first on both sides; never crossed (`BOOK_CROSSED` is thrown instead). */
export interface OrderBook {
  readonly symbol: string
  readonly bids: readonly BookLevel[]
  readonly asks: readonly BookLevel[]
}

/** One bar. Numbers, for indicators; never used to price an order. */
export interface Candle {
  /** Start of the bar, milliseconds since the epoch. */
  readonly openTime: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  /** False for the bar that is still running. */
  readonly isClosed: boolean
}

/** What the exchange says about a symbol; orders are rounded and checked by it before they leave. */
export interface Instrument {
  readonly symbol: string
  readonly baseAsset: string
  readonly quoteAsset: string
  /** Prices are multiples of it. */
  readonly priceStep: DecimalText
  /** Quantities are multiples of it. */
  readonly quantityStep: DecimalText
  readonly quantityMin: DecimalText
  /** In the quote asset; `'0'` where there is none. */
  readonly notionalMin: DecimalText
  /** 0.001 is 0.1 %. */
  readonly makerFee: DecimalText
  readonly takerFee: DecimalText
  /** May a position be opened by selling what one does not have? */
  readonly canShort: boolean
  readonly isTrading: boolean
}

export interface Balance {
  readonly asset: string
  readonly free: DecimalText
  /** Held by open orders. */
  readonly locked: DecimalText
}

export type OrderStatus = 'open' | 'filled' | 'cancelled' | 'expired' | 'rejected'

export interface OrderView {
  readonly orderId: string
  readonly clientOrderId: string
  readonly symbol: string
  readonly side: Side
  readonly quantity: DecimalText
  readonly filled: DecimalText
  readonly price: DecimalText | undefined
  readonly stopPrice: DecimalText | undefined
  readonly averagePrice: DecimalText | undefined
  readonly status: OrderStatus
  /** The strategy it was sent for; `external`: made elsewhere. */
  readonly strategyId: string
  readonly createdAt: number
}

export interface Fill {
  readonly tradeId: string
  readonly orderId: string
  readonly clientOrderId: string
  readonly strategyId: string
  readonly symbol: string
  readonly side: Side
  readonly price: DecimalText
  readonly quantity: DecimalText
  readonly fee: DecimalText
  readonly feeAsset: string
  readonly isMaker: boolean
  readonly at: number
}

/** What one strategy holds of one symbol, from its own fills alone; the inventory of the account belongs to `external`. */
export interface Position {
  readonly strategyId: string
  readonly symbol: string
  /** In the base asset; negative: short, or sold out of inventory. */
  readonly quantity: DecimalText
  /** Average entry price in the quote asset, fees not included; `'0'` when flat. */
  readonly averagePrice: DecimalText
  /** Where it is closed if it goes wrong, from the order that opened it. */
  readonly stopPrice: DecimalText | undefined
  /** In the base currency of the budget: what closed parts brought after all fees. */
  readonly realised: Amount
  /** In the base currency: what it is worth more than was paid, at the last mark. */
  readonly unrealised: Amount
  readonly openedAt: number | undefined
}

/** One thing that happened to a strategy's account after the fact, to be booked once; see `bookTradingResults`. */
export interface TradingResult {
  /** Counts up from 1 for each strategy, without gaps, over restarts. */
  readonly seq: number
  readonly symbol: string
  readonly postings: readonly Posting[]
  /** `fill`, `cancel`, `mark`. */
  readonly note: string
  readonly closed: ClosedPosition | undefined
  readonly intentId: string | undefined
  readonly at: number
}
