import { z } from 'zod'
import { type BookState, bookAt, keepEnded, touch } from '../book-state.ts'
import { noteNews } from '../strategy-book.ts'
import { text, time } from './step-fields.ts'

/** An open order ended, whatever was filled of it. */
export const endStepSchema = z.strictObject({
  type: z.literal('end'),
  clientOrderId: text,
  status: z.enum(['filled', 'cancelled', 'expired', 'rejected']),
  at: time,
})
export type EndStep = z.output<typeof endStepSchema>

export function applyEnd(state: BookState, { clientOrderId, status, at }: EndStep): void {
  const order = state.orders.get(clientOrderId)
  if (order === undefined || order.status !== 'open') return
  const book = bookAt(state, order.strategyId, order.symbol)
  book.open.delete(clientOrderId)
  touch(state, book)
  keepEnded(state, { ...order, status })
  if (order.isReceipted) noteNews(book, 'cancel', order.intentId, at)
}
