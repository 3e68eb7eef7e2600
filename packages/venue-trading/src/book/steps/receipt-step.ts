import type { IntentId, Json, Receipt } from '@org/core'
import { z } from 'zod'
import { type BookState, bookAt, keepReceipt } from '../book-state.ts'
import { post } from '../levels.ts'
import { clearNews } from '../strategy-book.ts'
import { closedSchema, postingSchema, text, time } from './step-fields.ts'

export const receiptSchema = z.strictObject({
  intentId: text.transform(id => id as IntentId),
  venueRef: z.string().optional(),
  at: time,
  postings: z.array(postingSchema),
  closed: closedSchema.optional(),
  details: z
    .record(
      z.string(),
      z.unknown().transform(value => value as Json),
    )
    .optional(),
}) as unknown as z.ZodType<Receipt>

/** A receipt is given. */
export const receiptStepSchema = z.strictObject({
  type: z.literal('receipt'),
  clientOrderId: text,
  strategyId: text,
  symbol: text,
  receipt: receiptSchema,
})
export type ReceiptStep = z.output<typeof receiptStepSchema>

export function applyReceipt(state: BookState, { clientOrderId, strategyId, symbol, receipt }: ReceiptStep): void {
  if (state.receipts.has(receipt.intentId)) return
  const book = bookAt(state, strategyId, symbol)
  const order = state.orders.get(clientOrderId)
  if (order !== undefined && !order.isReceipted && order.intentId === receipt.intentId) {
    const receipted = { ...order, isReceipted: true }
    state.orders.set(clientOrderId, receipted)
    if (order.status === 'open') book.open.set(clientOrderId, receipted)
  }
  post(book, receipt.postings)
  if (receipt.closed !== undefined) book.closed.shift()
  clearNews(book)
  keepReceipt(state, receipt)
}
