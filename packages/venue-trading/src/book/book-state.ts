import type { Receipt } from '@org/core'
import type { TradingResult } from '../actions/views.ts'
import type { BookOrder } from './book-order.ts'
import { noSeenFills, type SeenFills } from './seen-fills.ts'
import { newStrategyBook, type StrategyBook } from './strategy-book.ts'

/** So many orders that have ended are remembered, so that late fills find them; */
export const endedMax = 1_000
/** and so many receipts, so that they are given again the same. */
export const receiptsMax = 1_000

/** What is shared by all who deal in one symbol. */
export interface SymbolState {
  readonly seen: SeenFills
  readonly books: StrategyBook[]
}

export interface StrategyState {
  /** The number of the newest result that was given. */
  seq: number
  /** Given, and not acknowledged. */
  pending: readonly TradingResult[]
  readonly books: StrategyBook[]
  /** Books in which something may have happened since budgets were told. */
  readonly touched: Set<StrategyBook>
}

/** All that an account book knows. It changes by steps alone, see steps/. */
export interface BookState {
  readonly orders: Map<string, BookOrder>
  /** Client order ids of those that have ended, oldest first. */
  readonly ended: Set<string>
  /** By strategy and symbol, see {@link bookKey}. */
  readonly books: Map<string, StrategyBook>
  readonly symbols: Map<string, SymbolState>
  readonly strategies: Map<string, StrategyState>
  /** By intent, oldest first. */
  readonly receipts: Map<string, Receipt>
}

export function emptyBookState(): BookState {
  return {
    orders: new Map(),
    ended: new Set(),
    books: new Map(),
    symbols: new Map(),
    strategies: new Map(),
    receipts: new Map(),
  }
}

export function bookKey(strategyId: string, symbol: string): string {
  return `${strategyId}\n${symbol}`
}

export function bookAt(state: BookState, strategyId: string, symbol: string): StrategyBook {
  const key = bookKey(strategyId, symbol)
  const known = state.books.get(key)
  if (known !== undefined) return known
  const book = newStrategyBook(strategyId, symbol)
  state.books.set(key, book)
  symbolAt(state, symbol).books.push(book)
  strategyAt(state, strategyId).books.push(book)
  return book
}

export function symbolAt(state: BookState, symbol: string): SymbolState {
  const known = state.symbols.get(symbol)
  if (known !== undefined) return known
  const created: SymbolState = { seen: noSeenFills(), books: [] }
  state.symbols.set(symbol, created)
  return created
}

export function strategyAt(state: BookState, strategyId: string): StrategyState {
  const known = state.strategies.get(strategyId)
  if (known !== undefined) return known
  const created: StrategyState = { seq: 0, pending: [], books: [], touched: new Set() }
  state.strategies.set(strategyId, created)
  return created
}

/** Notes that a book's levels may not stand where budgets were told that they stand. */
export function touch(state: BookState, book: StrategyBook): void {
  state.strategies.get(book.strategyId)?.touched.add(book)
}

export function keepEnded(state: BookState, order: BookOrder): void {
  state.orders.set(order.clientOrderId, order)
  state.ended.add(order.clientOrderId)
  if (state.ended.size <= endedMax) return
  const oldest = state.ended.values().next().value as string
  state.ended.delete(oldest)
  state.orders.delete(oldest)
}

export function keepReceipt(state: BookState, receipt: Receipt): void {
  state.receipts.set(receipt.intentId, receipt)
  if (state.receipts.size > receiptsMax) state.receipts.delete(state.receipts.keys().next().value as string)
}
