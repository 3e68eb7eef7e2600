import { z } from 'zod'
import { type BookState, bookAt, touch } from '../book-state.ts'
import { decimalText, side, text, time } from './step-fields.ts'

export const newOrderSchema = z.strictObject({
  clientOrderId: text,
  strategyId: text,
  intentId: text,
  symbol: text,
  side,
  quantity: decimalText,
  isClosing: z.boolean(),
  worstPrice: decimalText,
  stopPrice: decimalText.optional(),
  isStop: z.boolean().optional(),
  feesRatio: decimalText,
  quoteRate: decimalText,
  at: time,
})

/** An order is about to leave. */
export const sendStepSchema = z.strictObject({ type: z.literal('send'), order: newOrderSchema })
export type SendStep = z.output<typeof sendStepSchema>

export function applySend(state: BookState, { order }: SendStep): void {
  if (state.orders.has(order.clientOrderId)) return
  const { clientOrderId, strategyId, symbol, isClosing, feesRatio, quoteRate } = order
  const sent = { ...order, filled: '0', averagePrice: undefined, status: 'open' as const, isReceipted: false }
  state.orders.set(clientOrderId, sent)
  const book = bookAt(state, strategyId, symbol)
  book.open.set(clientOrderId, sent)
  book.quoteRate = quoteRate
  touch(state, book)
  if (!isClosing) book.feesRatio = feesRatio
}
