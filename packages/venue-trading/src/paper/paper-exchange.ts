import { Decimal } from '@org/core'
import { TradingError } from '../actions/trading-error.ts'
import type { Balance, OrderBook, Ticker } from '../actions/views.ts'
import { type StatePort, StepLog } from '../log/step-log.ts'
import { AccountChange, type AccountTerms, lockOf } from './account-change.ts'
import { leftOf, type PaperOrder, type PaperOrderRequest } from './paper-order.ts'
import { loggedPaper, type PaperChange, type PaperFill, type PaperState } from './paper-state.ts'
import { isTriggered, restingFill, type SimulatedFill, type SimulatedMatch, simulateFill } from './simulate-fill.ts'

/** What one step of the exchange brought about. */
export interface PaperEvents {
  readonly fills: readonly PaperFill[]
  /** Orders that were touched, as they are now. */
  readonly orders: readonly PaperOrder[]
}

const noEvents: PaperEvents = { fills: [], orders: [] }

/**
 * An exchange with one account, in memory: orders meet the books that they are given, balances move, fills and orders can be looked up. The venue
 * speaks to it as to any exchange.
 */
export class PaperExchange {
  readonly #log: StepLog<PaperState, PaperChange>
  readonly #terms: AccountTerms

  private constructor(log: StepLog<PaperState, PaperChange>, terms: AccountTerms) {
    this.#log = log
    this.#terms = terms
  }

  /** @param balances What the account starts with, where it was not there before. */
  static async open(options: {
    readonly name: string
    readonly store: StatePort
    readonly terms: AccountTerms
    readonly balances: { readonly [asset: string]: string }
  }): Promise<PaperExchange> {
    const { name, store, terms, balances } = options
    const log = await StepLog.open(loggedPaper, name, store)
    const isNew = log.state.newestId === 0 && log.state.balances.size === 0
    const rows = Object.entries(balances).map(([asset, total]): [string, string, string] => [asset, total, '0'])
    if (isNew) await log.take([{ newestId: 0, orders: [], fills: [], balances: rows, positions: [] }])
    return new PaperExchange(log, terms)
  }

  /**
   * Takes an order in. What can be filled at once is; the rest stands, or expires.
   *
   * @throws {TradingError} `BOOK_EMPTY`, `ORDER_REFUSED`, `INSUFFICIENT_FUNDS`; the account is as it was.
   */
  place(request: PaperOrderRequest, book: OrderBook, at: number): PaperEvents {
    const change = new AccountChange(this.#log.state, this.#terms)
    const isCashSale = this.#terms.kind === 'cash' && request.side === 'sell'
    const placed: PaperOrder = {
      ...request,
      orderId: change.nextId(),
      isFired: isFiredBy(request, topOf(book)),
      filled: '0',
      paid: '0',
      status: 'open',
      lockedAsset: isCashSale ? request.baseAsset : request.quoteAsset,
      locked: '0',
    }
    const match = isWaiting(placed) ? waiting : simulateFill(placed, book)
    if (match.rest === 'refused')
      throw refused(request, 'it would trade at once, and postOnly says that it must not; ask for a price further away')
    const isUnanswered = (request.side === 'buy' ? book.asks : book.bids).length === 0
    if (isUnanswered && request.price === undefined && !isWaiting(placed)) throw bookEmpty(request)
    this.#requireFunds(change, placed, match)
    let order = change.put(placed)
    for (const fill of match.fills) order = change.fill(order, fill, at)
    if (match.rest === 'expires') change.put({ ...order, status: 'expired' })
    return this.#take(change)
  }

  /** Lets resting orders meet new prices. Hot path: a symbol without open orders costs one look-up. */
  onTicker(ticker: Ticker): PaperEvents {
    const ids = this.#log.state.openBySymbol.get(ticker.symbol)
    if (ids === undefined || isCrossed(ticker)) return noEvents
    const change = new AccountChange(this.#log.state, this.#terms)
    for (const id of ids) {
      const order = this.#log.state.open.get(id) as PaperOrder
      const isFired = order.isFired || isFiredBy(order, ticker)
      const fill = isWaiting({ ...order, isFired }) ? undefined : nextFill(order, ticker)
      if (fill !== undefined) change.fill({ ...order, isFired }, fill, ticker.at)
      else if (isFired !== order.isFired) change.put({ ...order, isFired })
    }
    return change.isEmpty ? noEvents : this.#take(change)
  }

  /** Cancels what is left of an order; one that has ended, or never was, stays as it is. */
  cancel(clientOrderId: string): PaperEvents {
    const order = this.#log.state.open.get(clientOrderId)
    if (order === undefined) return noEvents
    const change = new AccountChange(this.#log.state, this.#terms)
    change.put({ ...order, status: 'cancelled' })
    return this.#take(change)
  }

  order(clientOrderId: string): PaperOrder | undefined {
    return this.#log.state.open.get(clientOrderId) ?? this.#log.state.ended.get(clientOrderId)
  }

  openOrders(symbol?: string): readonly PaperOrder[] {
    const all = [...this.#log.state.open.values()]
    return symbol === undefined ? all : all.filter(order => order.symbol === symbol)
  }

  /** All that can still be looked up, oldest first. */
  orders(): readonly PaperOrder[] {
    return [...this.#log.state.ended.values(), ...this.#log.state.open.values()]
  }

  /** Those that can still be looked up, oldest first. */
  fills(): readonly PaperFill[] {
    return [...this.#log.state.fills.values()]
  }

  balances(): readonly Balance[] {
    return [...this.#log.state.balances].map(([asset, { total, locked }]) => ({
      asset,
      free: total.minus(locked).text,
      locked: locked.text,
    }))
  }

  /** Resolves when all that happened so far is written down; what could not be is tried again. */
  written(): Promise<void> {
    return this.#log.take([])
  }

  /** Symbols with open orders. */
  get openSymbols(): readonly string[] {
    return [...this.#log.state.openBySymbol.keys()]
  }

  #take(change: AccountChange): PaperEvents {
    const done = change.done()
    // Whoever needs it to be written down asks for that: see written().
    this.#log.take([done]).catch(() => {})
    return { fills: done.fills, orders: done.orders }
  }

  #requireFunds(change: AccountChange, order: PaperOrder, match: SimulatedMatch): void {
    const needed = this.#needed(change, order, match)
    const free = change.free(order.lockedAsset)
    if (needed.compare(free) <= 0) return
    const { symbol, side, quantity, lockedAsset } = order
    throw new TradingError({
      code: 'INSUFFICIENT_FUNDS',
      message: `${symbol}: to ${side} ${quantity} takes ${needed.text} ${lockedAsset}, free are ${free.text}; nothing was sent`,
      details: { symbol, needed: needed.text, free: free.text, asset: lockedAsset },
    })
  }

  #needed(change: AccountChange, order: PaperOrder, match: SimulatedMatch): Decimal {
    const zero = Decimal.of('0')
    if (this.#terms.kind === 'cash' && order.side === 'sell') return leftOf(order)
    if (this.#terms.kind === 'margin' && order.isClosing) return zero
    let filled = zero
    let needed = zero
    for (const { price, quantity } of match.fills) {
      const value = Decimal.of(price).times(quantity)
      filled = filled.plus(quantity)
      const held = this.#terms.kind === 'cash' ? value : value.dividedBy(this.#terms.leverage)
      needed = needed.plus(held).plus(change.feeOn(value, order, false))
    }
    return match.rest === 'rests' ? needed.plus(lockOf({ ...order, filled: filled.text }, this.#terms)) : needed
  }
}

const waiting: SimulatedMatch = { fills: [], rest: 'rests' }

/** A stop that has not fired. */
function isWaiting({ stopPrice, isFired }: PaperOrder): boolean {
  return stopPrice !== undefined && !isFired
}

function isFiredBy(
  { side, stopPrice }: Pick<PaperOrder, 'side' | 'stopPrice'>,
  prices: Pick<Ticker, 'bid' | 'ask'>,
): boolean {
  return stopPrice !== undefined && isTriggered(side, stopPrice, prices)
}

/** An order with a limit is filled at it; a stop that has fired without one takes what is there, as a taker. */
function nextFill(order: PaperOrder, ticker: Ticker): SimulatedFill | undefined {
  const { side, price } = order
  const best = side === 'buy' ? ticker.ask : ticker.bid
  if (best === undefined) return undefined
  const fill = restingFill({ side, left: leftOf(order).text, price: price ?? best }, ticker)
  return fill === undefined || price !== undefined ? fill : { ...fill, isMaker: false }
}

function topOf({ bids, asks }: OrderBook): Pick<Ticker, 'bid' | 'ask'> {
  return { bid: bids[0]?.[0], ask: asks[0]?.[0] }
}

function isCrossed({ bid, ask }: Ticker): boolean {
  return bid !== undefined && ask !== undefined && Decimal.of(bid).compare(ask) > 0
}

function refused({ symbol, side, quantity }: PaperOrderRequest, why: string): TradingError {
  return new TradingError({
    code: 'ORDER_REFUSED',
    message: `${symbol}: ${side} ${quantity}: ${why}; nothing was sent`,
    details: { symbol },
  })
}

function bookEmpty({ symbol, side }: PaperOrderRequest): TradingError {
  return new TradingError({
    code: 'BOOK_EMPTY',
    message: `${symbol}: nobody ${side === 'buy' ? 'sells' : 'buys'} now, so an order at the market has no price; nothing was sent`,
    retryable: true,
    details: { symbol },
  })
}
