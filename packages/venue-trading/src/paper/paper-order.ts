import { Decimal } from '@org/core'
import { z } from 'zod'
import type { OrderView } from '../actions/views.ts'
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

export function leftOf({ quantity, filled }: PaperOrder): Decimal {
  return Decimal.of(quantity).minus(filled)
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
