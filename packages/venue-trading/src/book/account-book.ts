import type { Json, Receipt, Store } from '@org/core'
import type { DecimalText } from '../actions/decimal-text.ts'
import type { Side } from '../actions/order-actions.ts'
import type { OrderStatus, Position, TradingResult } from '../actions/views.ts'
import type { BookOrder, FillOutcome, FillRates, NewFill, NewOrder } from './book-order.ts'

/** The strategy that everything belongs to which was made elsewhere: by hand, by another program. */
export const external = 'external'

export interface AccountBookOptions {
  /** Keeps several books on one store apart: one for each account and process. Usually the venue's id. */
  readonly name: string
  /** Where it is written down, so that a restart goes on where it was. @default nowhere */
  readonly store?: Pick<Store, 'loadState' | 'saveState'> | undefined
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
  /** @throws AutomationError `STATE_UNREADABLE` when what was written down does not fit this version. */
  static async open(_options: AccountBookOptions): Promise<AccountBook> {
    return new AccountBook()
  }

  /** Writes an order down before it leaves. The same client order id again changes nothing. */
  async send(_order: NewOrder): Promise<void> {}

  /**
   * Takes a fill in, once. A late one is put where it belongs in time, as far back as the newest sixteen of its strategy and symbol.
   *
   * @param rates What assets are worth now; a stale rate is better than none for what has happened already.
   */
  async fill(_fill: NewFill, _rates: FillRates): Promise<FillOutcome> {
    return 'applied'
  }

  /** The order's end. Fills that come later still count. An id that is not known is none of ours and changes nothing. */
  async end(_clientOrderId: string, _status: Exclude<OrderStatus, 'open'>, _at: number): Promise<void> {}

  /** The newest price of a symbol, for unrealised results. O(1); written down when results are given that rest on it. */
  mark(_symbol: string, _price: DecimalText, _at: number): void {}

  /** The newest rate of a symbol's quote asset, for the levels. O(1). */
  revalue(_symbol: string, _quoteRate: DecimalText): void {}

  /**
   * The receipt of an intent. The first time it is made from what is known now and written down; after that the same one is given
   * again, also after a restart, as long as it is among the newest thousand.
   */
  async receipt(_note: ReceiptNote): Promise<Receipt> {
    throw new Error('not yet')
  }

  /** The receipt that was given for an intent, if any. */
  receiptOf(_intentId: string): Receipt | undefined {
    return undefined
  }

  /**
   * What happened to a strategy since: one result for each symbol where something did, and one for each position that was closed. Results that
   * were given and are not acknowledged by `after` are given again, the same.
   */
  async results(_strategyId: string, _after: number): Promise<readonly TradingResult[]> {
    return []
  }

  order(_clientOrderId: string): BookOrder | undefined {
    return undefined
  }

  /** Orders whose end is not known, those included that may never have arrived; oldest first. */
  openOrders(_symbol?: string): readonly BookOrder[] {
    return []
  }

  /** Of one strategy or of all; flat ones are left out. */
  positions(_strategyId?: string): readonly Position[] {
    return []
  }

  /** How much a closing order of `side` may take off: what is held, less what open closing orders take off already (`'0'`: nothing). */
  closable(_strategyId: string, _symbol: string, _side: Side): DecimalText {
    return '0'
  }

  /**
   * The time from which fills of a symbol are remembered one by one: asking the exchange from here on misses nothing and brings nothing twice.
   * `undefined`: no fill was seen yet.
   */
  fillsSince(_symbol: string): number | undefined {
    return undefined
  }
}
