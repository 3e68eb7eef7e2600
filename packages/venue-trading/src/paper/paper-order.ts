import { Decimal } from '@org/core'
import { z } from 'zod'
import type { OrderView } from '../actions/views.ts'
import type { NewOrder } from '../book/book-order.ts'
import { decimalText, side, text, time } from '../book/steps/step-fields.ts'

/** An order at the paper exchange, with what it takes to fill it without asking anybody: fees and assets. */
export const paperOrderSchema = z.strictObject({
  orderId: text,
  clientOrderId: text,
  strategyId: text,
  symbol: text,
  baseAsset: text,
  quoteAsset: text,
  side,
  quantity: decimalText,
  price: decimalText.optional(),
  stopPrice: decimalText.optional(),
  timeInForce: z.enum(['GTC', 'IOC', 'FOK']).optional(),
  postOnly: z.boolean().optional(),
  isClosing: z.boolean(),
  /** What the account book is told of it, see NewOrder. */
  intentId: text,
  worstPrice: decimalText,
  riskStopPrice: decimalText.optional(),
  isStop: z.boolean().optional(),
  feesRatio: decimalText,
  quoteRate: decimalText,
  makerFee: decimalText,
  takerFee: decimalText,
  /** A stop that has fired: from then on it is an order like any other. */
  isFired: z.boolean(),
  filled: decimalText,
  /** Σ price × quantity of what was filled. */
  paid: decimalText,
  status: z.enum(['open', 'filled', 'cancelled', 'expired', 'rejected']),
  /** What it holds of the account until it is filled or ends. */
  lockedAsset: z.string(),
  locked: decimalText,
  createdAt: time,
})
export type PaperOrder = z.output<typeof paperOrderSchema>

/** An order that has been rounded and checked, before the exchange has seen it. */
export type PaperOrderRequest = Omit<
  PaperOrder,
  'orderId' | 'isFired' | 'filled' | 'paid' | 'status' | 'lockedAsset' | 'locked'
>

export function leftOf({ quantity, filled }: PaperOrder): Decimal {
  return Decimal.of(quantity).minus(filled)
}

/** The order as the account book is told of it. */
export function bookOrderOf(order: PaperOrderRequest): NewOrder {
  const { clientOrderId, strategyId, intentId, symbol, side: way, quantity, isClosing, worstPrice, isStop } = order
  const { riskStopPrice: stopPrice, feesRatio, quoteRate, createdAt: at } = order
  return {
    clientOrderId,
    strategyId,
    intentId,
    symbol,
    side: way,
    quantity,
    isClosing,
    worstPrice,
    stopPrice,
    isStop,
    feesRatio,
    quoteRate,
    at,
  }
}

export function orderView(order: PaperOrder): OrderView {
  const { orderId, clientOrderId, symbol, side: way, quantity, filled, price, stopPrice, status } = order
  const averagePrice = filled === '0' ? undefined : Decimal.of(order.paid).dividedBy(filled).text
  const { strategyId, createdAt } = order
  return {
    orderId,
    clientOrderId,
    symbol,
    side: way,
    quantity,
    filled,
    price,
    stopPrice,
    averagePrice,
    status,
    strategyId,
    createdAt,
  }
}
