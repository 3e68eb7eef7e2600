import { Decimal } from '@org/core'
import { z } from 'zod'
import type { BookOrder } from '../book-order.ts'
import { type BookState, bookAt, keepEnded, symbolAt, touch } from '../book-state.ts'
import { putFill } from '../fill-window.ts'
import { see } from '../seen-fills.ts'
import { closedMax, noteNews, type StrategyBook } from '../strategy-book.ts'
import { decimalText, side, text, time } from './step-fields.ts'

/** A fill that was not seen before. */
export const fillStepSchema = z.strictObject({
  type: z.literal('fill'),
  tradeId: text,
  clientOrderId: z.string(),
  /** Whose order it was, as the book knew then. */
  strategyId: text,
  symbol: text,
  side,
  price: decimalText,
  quantity: decimalText,
  fee: decimalText,
  feeAsset: z.string(),
  at: time,
  quoteRate: decimalText,
  feeRate: decimalText,
})
export type FillStep = z.output<typeof fillStepSchema>

export function applyFill(state: BookState, fill: FillStep): void {
  see(symbolAt(state, fill.symbol).seen, fill.tradeId, fill.at)
  const order = state.orders.get(fill.clientOrderId)
  const book = bookAt(state, fill.strategyId, fill.symbol)
  book.quoteRate = fill.quoteRate
  touch(state, book)
  const closed = putFill(book.window, {
    tradeId: fill.tradeId,
    symbol: fill.symbol,
    side: fill.side,
    price: fill.price,
    quantity: fill.quantity,
    fee: fill.fee,
    feeAsset: fill.feeAsset,
    at: fill.at,
    quoteRate: fill.quoteRate,
    feeRate: fill.feeRate,
    stopPrice: order?.isClosing === false ? order.stopPrice : undefined,
    isStop: order?.isStop ?? false,
  })
  if (closed !== undefined) book.closed.push(closed)
  if (book.closed.length > closedMax) book.closed.shift()
  noteNews(book, 'fill', order?.intentId, fill.at)
  if (order !== undefined) fillOrder(state, book, order, fill)
}

function fillOrder(state: BookState, book: StrategyBook, order: BookOrder, fill: FillStep): void {
  const filled = Decimal.of(order.filled).plus(fill.quantity)
  const value = Decimal.of(order.filled)
    .times(order.averagePrice ?? '0')
    .plus(Decimal.of(fill.quantity).times(fill.price))
  const isWhole = filled.compare(order.quantity) >= 0
  const after: BookOrder = {
    ...order,
    filled: filled.text,
    averagePrice: value.dividedBy(filled).text,
    status: isWhole ? 'filled' : order.status,
  }
  if (after.status === 'open') {
    state.orders.set(order.clientOrderId, after)
    book.open.set(order.clientOrderId, after)
    return
  }
  book.open.delete(order.clientOrderId)
  keepEnded(state, after)
}
