import { Decimal, type Json, type Receipt } from '@org/core'
import type { DecimalText } from '../actions/decimal-text.ts'
import type { Side } from '../actions/order-actions.ts'
import type { OrderStatus, Position, TradingResult } from '../actions/views.ts'
import { nowhere, type StatePort, StepLog } from '../log/step-log.ts'
import {
  type BookOrder,
  external,
  type FillOutcome,
  type FillRates,
  type NewFill,
  type NewOrder,
} from './book-order.ts'
import { type BookState, bookAt, bookKey, symbolAt, touch } from './book-state.ts'
import { receiptStep } from './give-receipt.ts'
import { resultsStep } from './give-results.ts'
import { loggedBook } from './logged-book.ts'
import { toPosition } from './position-view.ts'
import { isForgotten, isSeen } from './seen-fills.ts'
import type { Step } from './steps/step.ts'
import type { StrategyBook } from './strategy-book.ts'

export interface AccountBookOptions {
  /** Keeps the books of several accounts on one store apart; usually the venue's id. Processes that share an account share its book. */
  readonly name: string
  /** Where it is written down, so that a restart goes on where it was; see `trackedPort` for one under a virtual clock. @default nowhere */
  readonly store?: StatePort | undefined
}

/** What a receipt says beside the postings, which are the book's. */
export interface ReceiptNote {
  readonly intentId: string
  readonly strategyId: string
  readonly symbol: string
  /** The order that the intent sent, or cancelled. */
  readonly clientOrderId: string
  readonly venueRef?: string | undefined
  readonly at: number
  readonly details?: { readonly [name: string]: Json } | undefined
}

/**
 * Who holds what of one account, from the orders that were sent and the fills that came back: a position, a result and the levels of each
 * strategy and symbol. It knows no exchange; a venue tells it what happens, in any order and as often as it likes.
 *
 * Every change is written down as one step before its promise resolves. What the budgets are told (a receipt, results) is the difference
 * between where a measure stands and what was told before, so that nothing is told twice and no rounding adds up.
 *
 * Several processes may work on one account and store, each for strategies of its own: one takes in what another wrote before it writes, and before it
 * says of a fill that it was made elsewhere.
 *
 * The order of calls around one order: `send` before the request leaves; `fill` and `end` whenever the venue learns of them; `receipt` once the
 * exchange has said that it has the order (or `end` with `rejected` when it said that it will not take it). While its fate is unknown,
 * nothing: the reservation stands.
 *
 * @example
 * const book = await AccountBook.open({ name: 'binance', store })
 * await book.send(order)
 * await book.fill(fill, { quote: '1', fee: '1' })
 * return book.receipt({ intentId, strategyId, symbol, clientOrderId, at: clock.now() })
 */
export class AccountBook {
  readonly #state: BookState
  readonly #log: StepLog<BookState, Step>

  private constructor(log: StepLog<BookState, Step>) {
    this.#state = log.state
    this.#log = log
  }

  /** @throws AutomationError `STATE_UNREADABLE` when what was written down does not fit this version. */
  static async open({ name, store = nowhere }: AccountBookOptions): Promise<AccountBook> {
    return new AccountBook(await StepLog.open(loggedBook, name, store))
  }

  /** Writes an order down before it leaves. The same client order id again changes nothing. */
  async send(order: NewOrder): Promise<void> {
    if (this.#state.orders.has(order.clientOrderId)) return
    return this.#log.take([{ type: 'send', order }])
  }

  /**
   * Takes a fill in, once. One that was taken for `external` is given to its strategy when it is told again and its order is known by then. A late one is put where it belongs in time, as far back as the newest sixteen of its strategy and symbol.
   *
   * @param rates What assets are worth now; a stale rate is better than none for what has happened already.
   */
  async fill(fill: NewFill, rates: FillRates): Promise<FillOutcome> {
    const { tradeId, clientOrderId, symbol, side, price, quantity, fee, feeAsset, at } = fill
    const { seen } = symbolAt(this.#state, symbol)
    // An order that is not known here may be another process's, which wrote it down before it left.
    if (!isSeen(seen, tradeId) && !this.#state.orders.has(clientOrderId)) await this.#log.catchUp()
    const strategyId = this.#state.orders.get(clientOrderId)?.strategyId ?? external
    const isFound = seen.external.has(tradeId) && strategyId !== external
    if (isSeen(seen, tradeId) && !isFound) return 'duplicate'
    if (isForgotten(seen, at)) return 'forgotten'
    const what = { tradeId, clientOrderId, strategyId, symbol, side, price, quantity, fee, feeAsset, at }
    await this.#log.take([{ type: 'fill', ...what, quoteRate: rates.quote, feeRate: rates.fee }])
    return strategyId === external ? 'external' : 'applied'
  }

  /** The order's end. Fills that come later still count. An id that is not known is none of ours and changes nothing. */
  async end(clientOrderId: string, status: Exclude<OrderStatus, 'open'>, at: number): Promise<void> {
    if (this.#state.orders.get(clientOrderId)?.status !== 'open') return
    return this.#log.take([{ type: 'end', clientOrderId, status, at }])
  }

  /** Has anything happened in a symbol? Where not, its prices need not be told. */
  knows(symbol: string): boolean {
    return this.#state.symbols.has(symbol)
  }

  /** The newest price of a symbol, for unrealised results. O(1); written down when budgets are told what rests on it. */
  mark(symbol: string, price: DecimalText, at: number): void {
    for (const book of this.#state.symbols.get(symbol)?.books ?? []) {
      book.mark = { price, at }
      book.isMarkWritten = false
      if (!book.window.position.quantity.isZero) touch(this.#state, book)
    }
  }

  /** The newest rate of a symbol's quote asset, for the levels. O(1). */
  revalue(symbol: string, quoteRate: DecimalText): void {
    for (const book of this.#state.symbols.get(symbol)?.books ?? []) {
      if (book.quoteRate === quoteRate) continue
      book.quoteRate = quoteRate
      book.isMarkWritten = false
      touch(this.#state, book)
    }
  }

  /**
   * The receipt of an intent. The first time it is made from what is known now and written down; after that the same one is given
   * again, also after a restart, as long as it is among the newest thousand.
   */
  async receipt(note: ReceiptNote): Promise<Receipt> {
    const given = this.receiptOf(note.intentId)
    // Given in memory is not yet written down: the caller waits for that too.
    if (given !== undefined) return this.#log.take([]).then(() => given)
    const step = receiptStep(this.#state, note)
    await this.#log.take([...unwrittenMarks([bookAt(this.#state, note.strategyId, note.symbol)]), step])
    return step.receipt
  }

  /** The receipt that was given for an intent, if any. */
  receiptOf(intentId: string): Receipt | undefined {
    return this.#state.receipts.get(intentId)
  }

  /**
   * What happened to a strategy since: one result for each symbol where something did, and one for each position that was closed. Results that
   * were given and are not acknowledged by `after` are given again, the same.
   */
  async results(strategyId: string, after: number): Promise<readonly TradingResult[]> {
    const step = resultsStep(this.#state, strategyId, after)
    if (step !== undefined) {
      const told = new Set(step.given.map(({ symbol }) => symbol))
      const books = [...told].map(symbol => bookAt(this.#state, strategyId, symbol))
      await this.#log.take([...unwrittenMarks(books), step])
    } else await this.#log.take([])
    return this.#state.strategies.get(strategyId)?.pending ?? []
  }

  /** Takes in what other processes have written: from then on the book knows their orders too. */
  catchUp(): Promise<void> {
    return this.#log.catchUp()
  }

  order(clientOrderId: string): BookOrder | undefined {
    return this.#state.orders.get(clientOrderId)
  }

  /** Orders whose end is not known, those included that may never have arrived; oldest first. */
  openOrders(symbol?: string): readonly BookOrder[] {
    const books = symbol === undefined ? this.#state.books.values() : (this.#state.symbols.get(symbol)?.books ?? [])
    return [...books].flatMap(book => [...book.open.values()]).sort((a, b) => a.at - b.at)
  }

  /** Of one strategy or of all; flat ones are left out. */
  positions(strategyId?: string): readonly Position[] {
    const books =
      strategyId === undefined ? this.#state.books.values() : (this.#state.strategies.get(strategyId)?.books ?? [])
    return [...books].filter(({ window }) => !window.position.quantity.isZero).map(toPosition)
  }

  /** How much a closing order of `side` may take off: what is held, less what open closing orders take off already (`'0'`: nothing). */
  closable(strategyId: string, symbol: string, side: Side): DecimalText {
    const book = this.#state.books.get(bookKey(strategyId, symbol))
    if (book === undefined) return '0'
    const { quantity } = book.window.position
    if (quantity.isZero || quantity.isPositive !== (side === 'sell')) return '0'
    let left = quantity.abs()
    for (const order of book.open.values())
      if (order.isClosing && order.side === side) left = left.minus(Decimal.of(order.quantity).minus(order.filled))
    return left.isPositive ? left.text : '0'
  }

  /**
   * The time from which fills of a symbol are remembered one by one: asking the exchange from here on misses nothing and brings nothing twice.
   * `undefined`: no fill was seen yet.
   */
  fillsSince(symbol: string): number | undefined {
    const seen = this.#state.symbols.get(symbol)?.seen
    return seen === undefined || seen.ids.size === 0 ? undefined : seen.floorAt + 1
  }
}

function unwrittenMarks(books: readonly StrategyBook[]): Step[] {
  return books
    .filter(book => !book.isMarkWritten)
    .map(({ strategyId, symbol, mark, quoteRate }) => ({
      type: 'mark',
      strategyId,
      symbol,
      price: mark?.price,
      quoteRate,
      at: mark?.at ?? 0,
    }))
}
