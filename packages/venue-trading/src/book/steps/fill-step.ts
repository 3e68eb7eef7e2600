import { Decimal } from '@org/core'
import { z } from 'zod'
import { type BookOrder, external } from '../book-order.ts'
import { type BookState, bookAt, keepEnded, symbolAt, touch } from '../book-state.ts'
import { putFill } from '../fill-window.ts'
import type { RatedFill } from '../position-state.ts'
import { isSeen, see } from '../seen-fills.ts'
import { closedMax, noteNews, type StrategyBook } from '../strategy-book.ts'
import { assetsOf } from '../symbol-assets.ts'
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
  const { seen } = symbolAt(state, fill.symbol)
  const isExternal = fill.strategyId === external
  if (isSeen(seen, fill.tradeId)) {
    if (isExternal || !seen.external.delete(fill.tradeId)) return
    putFill(bookAt(state, external, fill.symbol).window, undone(fill))
  }
  see(seen, fill.tradeId, fill.at)
  if (isExternal) seen.external.add(fill.tradeId)
  const order = state.orders.get(fill.clientOrderId)
  const book = bookAt(state, fill.strategyId, fill.symbol)
  book.quoteRate = fill.quoteRate
  touch(state, book)
  const closed = putFill(book.window, rated(fill, order))
  if (closed !== undefined) book.closed.push(closed)
  if (book.closed.length > closedMax) book.closed.shift()
  noteNews(book, 'fill', order?.intentId, fill.at)
  if (order !== undefined) fillOrder(state, book, order, fill)
}

function rated(fill: FillStep, order: BookOrder | undefined): RatedFill {
  const { tradeId, symbol, side: way, price, quantity, fee, feeAsset, at, quoteRate, feeRate } = fill
  return {
    tradeId,
    symbol,
    side: way,
    price,
    quantity,
    fee,
    feeAsset,
    at,
    quoteRate,
    feeRate,
    stopPrice: order?.isClosing === false ? order.stopPrice : undefined,
    isStop: order?.isStop ?? false,
  }
}

/** What takes a fill out of the inventory again that belongs to a strategy. */
function undone(fill: FillStep): RatedFill {
  const { side: way, quantity, fee, feeAsset, symbol, tradeId } = fill
  const isOffTheBought = way === 'buy' && feeAsset === assetsOf(symbol).base
  return {
    ...rated(fill, undefined),
    tradeId: `not-${tradeId}`,
    side: way === 'buy' ? 'sell' : 'buy',
    quantity: isOffTheBought ? Decimal.of(quantity).minus(fee).text : quantity,
    fee: '0',
  }
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
