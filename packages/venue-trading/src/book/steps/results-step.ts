import { z } from 'zod'
import type { TradingResult } from '../../actions/views.ts'
import { type BookState, bookAt, strategyAt } from '../book-state.ts'
import { post } from '../levels.ts'
import { clearNews } from '../strategy-book.ts'
import { closedSchema, postingSchema, text, time } from './step-fields.ts'

export const resultSchema = z
  .strictObject({
    seq: z.number().int().positive(),
    symbol: text,
    postings: z.array(postingSchema),
    note: text,
    closed: closedSchema.optional(),
    intentId: text.optional(),
    at: time,
  })
  .transform((result): TradingResult => ({ ...result, closed: result.closed, intentId: result.intentId }))

/** A strategy has booked all up to `after`, and is given more. */
export const resultsStepSchema = z.strictObject({
  type: z.literal('results'),
  strategyId: text,
  after: z.number().int().min(0),
  given: z.array(resultSchema),
})
export type ResultsStep = z.output<typeof resultsStepSchema>

export function applyResults(state: BookState, { strategyId, after, given }: ResultsStep): void {
  const strategy = strategyAt(state, strategyId)
  const fresh = given.filter(({ seq }) => seq > strategy.seq)
  strategy.pending = [...strategy.pending.filter(({ seq }) => seq > after), ...fresh]
  strategy.seq = Math.max(strategy.seq, after, fresh.at(-1)?.seq ?? 0)
  for (const result of fresh) {
    const book = bookAt(state, strategyId, result.symbol)
    post(book, result.postings)
    if (result.closed !== undefined) book.closed.shift()
    clearNews(book)
  }
}
