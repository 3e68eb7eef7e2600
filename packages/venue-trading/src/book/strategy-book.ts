import type { Micros } from '@org/core'
import type { DecimalText } from '../actions/decimal-text.ts'
import type { BookOrder } from './book-order.ts'
import { emptyWindow, type FillWindow } from './fill-window.ts'
import type { ClosedState } from './position-state.ts'

/** What budgets are told of, as levels: where they stand, not how they move. */
export const levelMeasures = ['loss', 'unrealised-loss', 'exposure', 'open-loss', 'position'] as const
export type LevelMeasure = (typeof levelMeasures)[number]
export type Levels = Record<LevelMeasure, Micros>

/** More closed positions than this that nobody asks about are told as the newest alone. */
export const closedMax = 1_000

/** What is known of one strategy's dealings in one symbol. */
export interface StrategyBook {
  readonly strategyId: string
  readonly symbol: string
  readonly window: FillWindow
  /** Open orders by client order id. */
  readonly open: Map<string, BookOrder>
  /** What budgets were told so far. */
  readonly posted: Levels
  /** Positions that were closed and not told of yet. */
  readonly closed: ClosedState[]
  /** Of entry and exit together, from the newest opening order. */
  feesRatio: DecimalText
  quoteRate: DecimalText
  mark: { readonly price: DecimalText; readonly at: number } | undefined
  /** False while the mark or the rate is newer than what was written down. */
  isMarkWritten: boolean
  /** What happened since budgets were told, the weightiest; and of which intent, where of one alone. */
  news: 'fill' | 'cancel' | undefined
  newsIntentId: string | undefined
  newsAt: number
}

export function newStrategyBook(strategyId: string, symbol: string): StrategyBook {
  const none = 0 as Micros
  return {
    strategyId,
    symbol,
    window: emptyWindow(),
    open: new Map(),
    posted: { loss: none, 'unrealised-loss': none, exposure: none, 'open-loss': none, position: none },
    closed: [],
    feesRatio: '0',
    quoteRate: '1',
    mark: undefined,
    isMarkWritten: true,
    news: undefined,
    newsIntentId: undefined,
    newsAt: 0,
  }
}

/** Notes that something happened which budgets have to hear of. */
export function noteNews(book: StrategyBook, news: 'fill' | 'cancel', intentId: string | undefined, at: number): void {
  const isFirst = book.news === undefined
  book.newsIntentId = isFirst || book.newsIntentId === intentId ? intentId : undefined
  if (book.news !== 'fill') book.news = news
  book.newsAt = Math.max(book.newsAt, at)
}

export function clearNews(book: StrategyBook): void {
  book.news = undefined
  book.newsIntentId = undefined
  book.newsAt = 0
}
