import { type Clock, Decimal, type Intent, type Receipt } from '@org/core'
import {
  type CancelOrderParams,
  type ClosePositionParams,
  type DecimalText,
  type Fill,
  type OrderView,
  type PlaceOrderParams,
  type Side,
  TradingError,
} from '@org/venue-trading/actions'
import type { AccountBook } from '@org/venue-trading/book'
import { Broker } from '../broker/broker.ts'
import type { BrokerFill } from '../broker/broker-listener.ts'
import type { Order, OrderRequest } from '../broker/order.ts'
import type { BrokerOptions } from '../broker/rules.ts'
import { decimalText } from './price-text.ts'

/** Fills that can still be asked for. */
const fillsMax = 1_000

/**
 * Orders of a venue on their way between the broker, which fills them, and the account book, which says whose they are and what budgets are told.
 */
export class OrderDesk {
  readonly broker: Broker
  readonly book: AccountBook
  readonly #venueId: string
  readonly #clock: Clock
  readonly #quoteRate: DecimalText
  readonly #hasPostings: boolean
  readonly #openNow: (symbol: string) => { readonly time: number; readonly price: number } | undefined
  readonly #orders = new Map<string, Order>()
  readonly #fills: Fill[] = []
  #fillCount = 0
  /** What was told to the book and is not yet through. */
  #telling: Promise<unknown>[] = []

  constructor(options: {
    readonly venueId: string
    readonly book: AccountBook
    readonly clock: Clock
    readonly quoteRate: DecimalText
    readonly hasPostings: boolean
    readonly broker: BrokerOptions
    /** The open of a bar that begins now, if one does. */
    readonly openNow: (symbol: string) => { readonly time: number; readonly price: number } | undefined
  }) {
    this.#venueId = options.venueId
    this.book = options.book
    this.#clock = options.clock
    this.#quoteRate = options.quoteRate
    this.#hasPostings = options.hasPostings
    this.#openNow = options.openNow
    this.broker = new Broker(options.broker, {
      onFill: fill => this.#onFill(fill),
      onEnd: order => this.#onEnd(order),
    })
  }

  /** The newest ones, oldest first. */
  get fills(): readonly Fill[] {
    return this.#fills
  }

  /** Resolves when the book has heard all that happened. */
  async settled(): Promise<void> {
    if (this.#telling.length === 0) return
    const telling = this.#telling
    this.#telling = []
    await Promise.all(telling)
  }

  /** @throws TradingError `INSUFFICIENT_FUNDS`, `ORDER_REFUSED`, `BOOK_EMPTY`; nothing was placed. */
  async place(intent: Intent, params: PlaceOrderParams, clientOrderId: string): Promise<Receipt> {
    const { symbol, side, quantity, price, worstPrice, stopPrice, timeInForce, postOnly } = params
    const { account } = this.broker.rules
    const now = this.#priceNow(symbol)
    if (side === 'sell' && account === 'margin' && stopPrice === undefined && this.#held(intent, symbol) <= 0)
      throw this.#refused(symbol, 'a short position without a stop could lose without end; say a stopPrice')
    const limit = price ?? worstPrice
    if (postOnly === true && (side === 'buy' ? Number(limit) >= now : Number(limit) <= now))
      throw this.#refused(symbol, 'it would trade at once, and postOnly says that it must not')
    const units = (side === 'buy' ? 1 : -1) * Number(quantity)
    this.#requireFunds(intent, symbol, units, price === undefined ? now : Number(price))
    const isImmediate = timeInForce === 'IOC' || timeInForce === 'FOK' || worstPrice !== undefined
    return this.#send(intent, clientOrderId, {
      request: {
        symbol,
        owner: intent.strategyId,
        units,
        limit: limit === undefined ? undefined : Number(limit),
        immediateOrCancel: isImmediate,
        reference: clientOrderId,
      },
      side,
      quantity,
      isClosing: false,
      worstPrice: limit ?? decimalText(now),
      stopPrice,
      isStop: false,
    })
  }

  /** @throws TradingError `WOULD_CROSS_ZERO`; nothing was placed. */
  async close(intent: Intent, params: ClosePositionParams, clientOrderId: string): Promise<Receipt> {
    const { symbol, side, quantity, price, stopPrice, isStop } = params
    const { strategyId } = intent
    const now = this.#priceNow(symbol)
    await this.settled()
    const closable = this.book.closable(strategyId, symbol, side)
    if (Decimal.of(quantity).compare(closable) > 0)
      throw new TradingError({
        code: 'WOULD_CROSS_ZERO',
        message: `${this.#venueId} ${symbol}: ${strategyId} can ${side} ${closable} to close, not ${quantity}: more would go through zero; nothing was sent`,
        details: { symbol, closable, quantity },
      })
    return this.#send(intent, clientOrderId, {
      request: {
        symbol,
        owner: strategyId,
        units: (side === 'buy' ? 1 : -1) * Number(quantity),
        limit: price === undefined ? undefined : Number(price),
        stop: stopPrice === undefined ? undefined : Number(stopPrice),
        reduceOnly: true,
        reference: clientOrderId,
      },
      side,
      quantity,
      isClosing: true,
      worstPrice: price ?? stopPrice ?? decimalText(now),
      stopPrice,
      isStop: isStop ?? stopPrice !== undefined,
    })
  }

  /** @throws TradingError `NOT_OWN_ORDER` for another strategy's. */
  async cancel(intent: Intent, { symbol, clientOrderId }: CancelOrderParams): Promise<Receipt> {
    const order = this.#orders.get(clientOrderId)
    if (order !== undefined && order.owner !== intent.strategyId)
      throw new TradingError({
        code: 'NOT_OWN_ORDER',
        message: `${this.#venueId} ${symbol}: order ${clientOrderId} is ${order.owner}'s; ${intent.strategyId} may cancel its own`,
        details: { symbol },
      })
    if (order !== undefined) this.broker.cancel(order)
    return this.#receipt(intent, symbol, clientOrderId)
  }

  openOrders(symbol?: string): OrderView[] {
    return this.book.openOrders(symbol).map(({ clientOrderId }) => this.order(clientOrderId) as OrderView)
  }

  order(clientOrderId: string): OrderView | undefined {
    const order = this.book.order(clientOrderId)
    if (order === undefined) return undefined
    const { strategyId, symbol, side, quantity, filled, averagePrice, stopPrice, status, at } = order
    const limit = this.#orders.get(clientOrderId)?.limit
    return {
      orderId: clientOrderId,
      clientOrderId,
      symbol,
      side,
      quantity,
      filled,
      price: limit === undefined ? undefined : decimalText(limit),
      stopPrice: order.isClosing ? stopPrice : undefined,
      averagePrice,
      status,
      strategyId,
      createdAt: at,
    }
  }

  /** Positions count at the last prices. */
  mark(): void {
    const nowMs = this.#clock.now()
    for (const { symbol } of this.book.positions())
      this.book.mark(symbol, decimalText(this.broker.market(symbol).price), nowMs)
  }

  async #send(
    intent: Intent,
    clientOrderId: string,
    order: {
      readonly request: OrderRequest
      readonly side: Side
      readonly quantity: DecimalText
      readonly isClosing: boolean
      readonly worstPrice: DecimalText
      readonly stopPrice: DecimalText | undefined
      readonly isStop: boolean
    },
  ): Promise<Receipt> {
    const { request, ...what } = order
    const { symbol } = request
    const { fees } = this.broker.rules
    await this.book.send({
      ...what,
      clientOrderId,
      strategyId: intent.strategyId,
      intentId: intent.id,
      symbol,
      feesRatio: decimalText(2 * (fees.of(1, 1, false) - fees.fixed)),
      quoteRate: this.#quoteRate,
      at: this.#clock.now(),
    })
    let placed: Order
    try {
      placed = this.broker.place(request)
      const opening = this.#openNow(symbol)
      if (opening !== undefined) this.broker.meetNextOpen(placed, opening.time, opening.price)
    } catch (error) {
      await this.book.end(clientOrderId, 'rejected', this.#clock.now())
      throw error
    }
    this.#orders.set(clientOrderId, placed)
    await this.settled()
    if (placed.state === 'rejected') throw this.#noFunds(symbol, placed.reason ?? 'there is not enough money for it')
    return this.#receipt(intent, symbol, clientOrderId)
  }

  async #receipt(intent: Intent, symbol: string, clientOrderId: string): Promise<Receipt> {
    await this.settled()
    if (!this.#hasPostings) return { intentId: intent.id, at: this.#clock.now(), venueRef: clientOrderId, postings: [] }
    const order = this.book.order(clientOrderId)
    return this.book.receipt({
      intentId: intent.id,
      strategyId: intent.strategyId,
      symbol,
      clientOrderId,
      venueRef: clientOrderId,
      at: this.#clock.now(),
      details: {
        status: order?.status ?? 'cancelled',
        filled: order?.filled ?? '0',
        ...(order?.averagePrice === undefined ? {} : { averagePrice: order.averagePrice }),
      },
    })
  }

  #onFill({ order, symbol, owner, isBuy, units, price, fee, isMaker, time }: BrokerFill): void {
    const side = isBuy ? 'buy' : 'sell'
    const quantity = decimalText(units)
    const tradeId = `${++this.#fillCount}`
    const clientOrderId = order.request.reference ?? this.#sendForBroker(owner, symbol, side, quantity, price, tradeId)
    const fill = {
      tradeId,
      orderId: clientOrderId,
      clientOrderId,
      symbol,
      side,
      price: decimalText(price),
      quantity,
      fee: decimalText(fee),
      feeAsset: symbol.split(/[/:]/)[1] ?? '',
      isMaker,
      at: time,
    } as const
    this.#fills.push({ ...fill, strategyId: owner })
    if (this.#fills.length > 2 * fillsMax) this.#fills.splice(0, fillsMax)
    this.#telling.push(this.book.fill(fill, { quote: this.#quoteRate, fee: this.#quoteRate }))
  }

  /** What the broker closes by itself (a liquidation) is told as an order of the position's owner. */
  #sendForBroker(owner: string, symbol: string, side: Side, quantity: string, price: number, tradeId: string): string {
    const clientOrderId = `broker-${tradeId}`
    const order = {
      clientOrderId,
      strategyId: owner,
      intentId: '',
      symbol,
      side,
      quantity,
      isClosing: true,
      isStop: true,
    }
    this.#telling.push(
      this.book.send({
        ...order,
        worstPrice: decimalText(price),
        feesRatio: '0',
        quoteRate: this.#quoteRate,
        at: this.#clock.now(),
      }),
    )
    return clientOrderId
  }

  #onEnd(order: Order): void {
    const { reference } = order.request
    if (reference === undefined) return
    // A filled order has ended in the book with its last fill; one that was cut short has not.
    const status = order.state === 'rejected' ? 'rejected' : 'cancelled'
    this.#telling.push(this.book.end(reference, status, this.#clock.now()))
    if (order.state !== 'open') this.#orders.delete(reference)
  }

  #held({ strategyId }: Intent, symbol: string): number {
    return this.broker.position(symbol, strategyId)
  }

  #priceNow(symbol: string): number {
    const { price } = this.broker.market(symbol)
    if (!Number.isNaN(price)) return price
    throw new TradingError({
      code: 'BOOK_EMPTY',
      message: `${this.#venueId} ${symbol}: no bar is over yet, so there is no price; nothing was sent`,
      retryable: true,
    })
  }

  /** What opens must be paid for, as far as prices now tell; what only closes frees money. */
  #requireFunds(intent: Intent, symbol: string, units: number, price: number): void {
    const { margin, fees, account, inventoryUnits } = this.broker.rules
    const held = this.#held(intent, symbol)
    const opposite = Math.sign(held) === -Math.sign(units) ? Math.abs(held) : 0
    const opened = Math.abs(units) - opposite
    if (opened <= 0) return
    if (account === 'cash' && units < 0 && opened > inventoryUnits + Math.min(0, this.broker.position(symbol)))
      throw this.#noFunds(symbol, 'a cash account sells only what it holds')
    const needed = opened * price * margin + fees.of(opened, price, false)
    if (needed <= this.broker.available) return
    throw this.#noFunds(symbol, `it takes ${decimalText(needed)}, free are ${decimalText(this.broker.available)}`)
  }

  #noFunds(symbol: string, why: string): TradingError {
    return new TradingError({
      code: 'INSUFFICIENT_FUNDS',
      message: `${this.#venueId} ${symbol}: ${why}; nothing was sent`,
      details: { symbol },
    })
  }

  #refused(symbol: string, why: string): TradingError {
    return new TradingError({ code: 'ORDER_REFUSED', message: `${this.#venueId} ${symbol}: ${why}; nothing was sent` })
  }
}
