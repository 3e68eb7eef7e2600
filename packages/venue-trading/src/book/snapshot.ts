import type { Json, Micros } from '@org/core'
import { z } from 'zod'
import type { BookOrder } from './book-order.ts'
import { type BookState, bookAt, emptyBookState, strategyAt, symbolAt, touch } from './book-state.ts'
import { positionSchema, positionToJson, readPosition } from './position-json.ts'
import { receiptSchema } from './steps/receipt-step.ts'
import { resultSchema } from './steps/results-step.ts'
import { newOrderSchema } from './steps/send-step.ts'
import { closedSchema, decimalText, side, text, time } from './steps/step-fields.ts'
import type { StrategyBook } from './strategy-book.ts'

const orderSchema = newOrderSchema.extend({
  filled: decimalText,
  averagePrice: decimalText.optional(),
  status: z.enum(['open', 'filled', 'cancelled', 'expired', 'rejected']),
  isReceipted: z.boolean(),
})

const ratedFillSchema = z.strictObject({
  tradeId: text,
  symbol: text,
  side,
  price: decimalText,
  quantity: decimalText,
  fee: decimalText,
  feeAsset: z.string(),
  at: time,
  quoteRate: decimalText,
  feeRate: decimalText,
  stopPrice: decimalText.optional(),
  isStop: z.boolean(),
})

const micros = z
  .number()
  .int()
  .transform(value => value as Micros)

const bookSchema = z.strictObject({
  strategyId: text,
  symbol: text,
  before: positionSchema,
  fills: z.array(ratedFillSchema),
  position: positionSchema,
  posted: z.strictObject({
    loss: micros,
    'unrealised-loss': micros,
    exposure: micros,
    'open-loss': micros,
    position: micros,
  }),
  closed: z.array(closedSchema),
  feesRatio: decimalText,
  quoteRate: decimalText,
  mark: z.strictObject({ price: decimalText, at: time }).optional(),
  news: z.enum(['fill', 'cancel']).optional(),
  newsIntentId: text.optional(),
  newsAt: time,
})

/** All of a book as it is written down now and then, so that few steps have to be read back. */
const rowsSchema = z.strictObject({
  format: z.literal(1),
  /** Open ones, and those that have ended, oldest first. */
  orders: z.array(orderSchema),
  books: z.array(bookSchema),
  seen: z.array(
    z.strictObject({ symbol: text, floorAt: time, ids: z.array(z.tuple([text, time])), external: z.array(text) }),
  ),
  strategies: z.array(
    z.strictObject({ strategyId: text, seq: z.number().int().min(0), pending: z.array(resultSchema) }),
  ),
  receipts: z.array(receiptSchema),
})
type Snapshot = z.output<typeof rowsSchema>

/** A copy as JSON; keys that are undefined are none. */
export function snapshotOf(state: BookState): Json {
  const ended = [...state.ended].map(id => state.orders.get(id) as BookOrder)
  const open = [...state.orders.values()].filter(({ status }) => status === 'open')
  return {
    format: 1,
    orders: [...open, ...ended],
    books: [...state.books.values()].map(bookToJson),
    seen: [...state.symbols].map(([symbol, { seen }]) => ({
      symbol,
      floorAt: seen.floorAt,
      ids: [...seen.ids],
      external: [...seen.external],
    })),
    strategies: [...state.strategies].map(([strategyId, { seq: newest, pending }]) => ({
      strategyId,
      seq: newest,
      pending,
    })),
    receipts: [...state.receipts.values()],
  } as unknown as Json
}

function stateOf(snapshot: Snapshot): BookState {
  const state = emptyBookState()
  for (const { symbol, floorAt, ids, external } of snapshot.seen) {
    const { seen } = symbolAt(state, symbol)
    seen.floorAt = floorAt
    for (const id of external) seen.external.add(id)
    for (const [id, at] of ids) {
      seen.ids.set(id, at)
      seen.newestAt = Math.max(seen.newestAt, at)
    }
  }
  for (const { strategyId, seq, pending } of snapshot.strategies)
    Object.assign(strategyAt(state, strategyId), { seq, pending })
  for (const row of snapshot.books) {
    const book = bookAt(state, row.strategyId, row.symbol)
    readBook(book, row)
    touch(state, book)
  }
  for (const row of snapshot.orders) {
    const order: BookOrder = { ...row, averagePrice: row.averagePrice }
    state.orders.set(order.clientOrderId, order)
    if (order.status === 'open') bookAt(state, order.strategyId, order.symbol).open.set(order.clientOrderId, order)
    else state.ended.add(order.clientOrderId)
  }
  for (const receipt of snapshot.receipts) state.receipts.set(receipt.intentId, receipt)
  return state
}

function bookToJson({ window, open: _, isMarkWritten: __, ...rest }: StrategyBook): object {
  return {
    ...rest,
    before: positionToJson(window.before),
    fills: window.fills,
    position: positionToJson(window.position),
  }
}

function readBook(book: StrategyBook, { before, fills, position, closed, posted, ...rest }: Snapshot['books'][number]) {
  book.window.before = readPosition(before)
  book.window.position = readPosition(position)
  book.window.fills.push(...fills.map(fill => ({ ...fill, stopPrice: fill.stopPrice })))
  book.closed.push(...closed)
  Object.assign(book.posted, posted)
  book.feesRatio = rest.feesRatio
  book.quoteRate = rest.quoteRate
  book.mark = rest.mark
  book.news = rest.news
  book.newsIntentId = rest.newsIntentId
  book.newsAt = rest.newsAt
}

export const snapshotSchema: z.ZodType<BookState> = rowsSchema.transform(stateOf)
