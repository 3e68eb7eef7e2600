import { z } from 'zod'
import { type BookState, bookAt, touch } from '../book-state.ts'
import { decimalText, text, time } from './step-fields.ts'

/** The price and rate that results rest on. */
export const markStepSchema = z.strictObject({
  type: z.literal('mark'),
  strategyId: text,
  symbol: text,
  price: decimalText.optional(),
  quoteRate: decimalText,
  at: time,
})
export type MarkStep = z.output<typeof markStepSchema>

export function applyMark(state: BookState, { strategyId, symbol, price, quoteRate, at }: MarkStep): void {
  const book = bookAt(state, strategyId, symbol)
  if (price !== undefined) book.mark = { price, at }
  book.quoteRate = quoteRate
  book.isMarkWritten = true
  touch(state, book)
}
