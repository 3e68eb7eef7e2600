import type { Position } from '../actions/views.ts'
import { unrealisedOf } from './levels.ts'
import type { StrategyBook } from './strategy-book.ts'

/** A position as strategies see it. */
export function toPosition(book: StrategyBook): Position {
  const { quantity, cost, realised, stopPrice, openedAt } = book.window.position
  return {
    strategyId: book.strategyId,
    symbol: book.symbol,
    quantity: quantity.text,
    averagePrice: quantity.isZero ? '0' : cost.dividedBy(quantity).text,
    stopPrice,
    realised: realised.text,
    unrealised: unrealisedOf(book).text,
    openedAt,
  }
}
