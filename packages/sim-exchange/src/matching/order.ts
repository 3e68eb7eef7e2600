import type { Level } from './book-side.ts'
import type { Market } from './market.ts'
import type { Trader } from './trader.ts'

export type Side = 'BUY' | 'SELL'
export type OrderType =
  | 'LIMIT'
  | 'MARKET'
  | 'LIMIT_MAKER'
  | 'STOP_LOSS'
  | 'STOP_LOSS_LIMIT'
  | 'TAKE_PROFIT'
  | 'TAKE_PROFIT_LIMIT'
/** Good till cancelled, immediate or cancel, fill or kill. */
export type TimeInForce = 'GTC' | 'IOC' | 'FOK'
export type OrderStatus =
  | 'NEW'
  | 'PARTIALLY_FILLED'
  | 'FILLED'
  | 'CANCELED'
  | 'EXPIRED'
  /** Ended because it would have traded with an order of the same account. */
  | 'EXPIRED_IN_MATCH'
/** Who ends when two orders of one account would trade. */
export type SelfTradePrevention = 'EXPIRE_MAKER' | 'EXPIRE_TAKER' | 'EXPIRE_BOTH'

/** What is asked of the engine: whole ticks and lots, already within the instrument's filters. */
export interface NewOrder {
  readonly trader: Trader
  readonly market: Market
  readonly side: Side
  readonly type: OrderType
  /** @default GTC */
  readonly timeInForce?: TimeInForce
  /** 0 for a market order. */
  readonly priceTicks: number
  /** 0 when a market order names what to spend or receive instead. */
  readonly lots: number
  readonly quoteUnits?: bigint
  /** For stop and take-profit orders. */
  readonly stopTicks?: number
  readonly clientOrderId: string
  /** @default EXPIRE_MAKER */
  readonly selfTradePrevention?: SelfTradePrevention
  readonly nowMs: number
}

/** An order's life. Changed by the engine alone. */
export interface Order {
  readonly id: number
  readonly clientOrderId: string
  readonly trader: Trader
  readonly market: Market
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly priceTicks: number
  /** For market orders by quote amount: what was bought or sold in the end. */
  lots: number
  readonly quoteUnits: bigint
  readonly stopTicks: number
  readonly selfTradePrevention: SelfTradePrevention
  readonly createdAtMs: number
  updatedAtMs: number
  /** When it entered the book or traded; -1 while a stop waits. */
  workingAtMs: number
  status: OrderStatus
  filledLots: number
  filledQuoteUnits: bigint
  /** What of the trader's balance is locked for it. */
  lockedUnits: bigint
  // Its place in the book.
  level: Level | undefined
  previous: Order | undefined
  next: Order | undefined
}

/** Two orders met. */
export interface Trade {
  readonly id: number
  readonly market: Market
  readonly priceTicks: number
  readonly lots: number
  readonly quoteUnits: bigint
  readonly maker: Order
  readonly taker: Order
  /** In the asset that each received, 1e-8. */
  readonly makerFeeUnits: bigint
  readonly takerFeeUnits: bigint
  readonly atMs: number
}

/** True for orders that wait for a price before they work. */
export function isConditional(type: OrderType): boolean {
  return type !== 'LIMIT' && type !== 'MARKET' && type !== 'LIMIT_MAKER'
}

/** True for orders with a limit; the others take any price. */
export function isPriced(type: OrderType): boolean {
  return type === 'LIMIT' || type === 'LIMIT_MAKER' || type === 'STOP_LOSS_LIMIT' || type === 'TAKE_PROFIT_LIMIT'
}

/** True until the order has ended. */
export function isOpen(order: Order): boolean {
  return order.status === 'NEW' || order.status === 'PARTIALLY_FILLED'
}
