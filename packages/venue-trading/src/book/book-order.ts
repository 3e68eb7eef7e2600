import type { DecimalText } from '../actions/decimal-text.ts'
import type { Side } from '../actions/order-actions.ts'
import type { Fill, OrderStatus } from '../actions/views.ts'

/** An order that is about to be sent for a strategy. */
export interface NewOrder {
  readonly clientOrderId: string
  readonly strategyId: string
  readonly intentId: string
  readonly symbol: string
  readonly side: Side
  /** As it is sent: rounded to the instrument's step. */
  readonly quantity: DecimalText
  /** Takes off what the strategy holds; such an order adds to no level. */
  readonly isClosing: boolean
  /** What the order pays at worst per unit, in the quote asset: its limit, `worstPrice`, or the price seen when it was sent at the market. */
  readonly worstPrice: DecimalText
  /** Opening: where the position will be closed if it goes wrong, what open loss is counted to. Closing: the price it waits for. */
  readonly stopPrice?: DecimalText | undefined
  /** Closing: a stop, for breakers that count stops. */
  readonly isStop?: boolean | undefined
  /** Of entry and exit together, as a share of the notional. */
  readonly feesRatio: DecimalText
  /** What one unit of the quote asset is worth in the base currency of the budget. */
  readonly quoteRate: DecimalText
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** An order as the book knows it: from what was sent and what came back. */
export interface BookOrder extends NewOrder {
  readonly filled: DecimalText
  /** Of what was filled; `undefined` when nothing was. */
  readonly averagePrice: DecimalText | undefined
  readonly status: OrderStatus
  /** Its receipt was given: from then on the levels show what is open of it. Before, its reservation does. */
  readonly isReceipted: boolean
}

/** The strategy that everything belongs to which was made elsewhere: by hand, by another program. */
export const external = 'external'

/** A fill as the venue reports it; whose it is, is the book's to say. */
export type NewFill = Omit<Fill, 'strategyId'>

/** What assets were worth in the base currency when a fill was made. */
export interface FillRates {
  /** One unit of the quote asset. */
  readonly quote: DecimalText
  /** One unit of the asset that the fee was paid in. */
  readonly fee: DecimalText
}

/**
 * What became of a fill: `applied` to the position of its strategy; `external`, an order made elsewhere, applied to the inventory; `duplicate`,
 * known by its trade id; `forgotten`, older than what the book remembers, so that nobody can tell whether it was applied: left alone.
 */
export type FillOutcome = 'applied' | 'external' | 'duplicate' | 'forgotten'
