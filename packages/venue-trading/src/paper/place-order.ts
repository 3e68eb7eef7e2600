import { AutomationError, Decimal, type ExecuteOptions, type Intent, type Receipt } from '@org/core'
import { clientOrderIdOf } from '../actions/client-order-id.ts'
import type { ClosePositionParams, PlaceOrderParams } from '../actions/order-actions.ts'
import { TradingError } from '../actions/trading-error.ts'
import type { Instrument, OrderBook } from '../actions/views.ts'
import { checkOrder } from '../exchange/check-order.ts'
import type { PaperHands } from './paper-hands.ts'
import { bookOrderOf, orderView, type PaperOrder, type PaperOrderRequest } from './paper-order.ts'

/** Books are walked so deep. */
const levels = 1_000

/** What the order is, beside what every order has. */
type Terms = Pick<
  PaperOrderRequest,
  'price' | 'stopPrice' | 'timeInForce' | 'postOnly' | 'isClosing' | 'isStop' | 'riskStopPrice'
>

/** @throws {TradingError} What a real exchange would refuse for; nothing was sent. */
export async function placeOrder(
  hands: PaperHands,
  intent: Intent,
  order: PlaceOrderParams,
  options: ExecuteOptions,
): Promise<Receipt> {
  const instrument = await instrumentOf(hands, order.symbol, options)
  const { price } = checkOrder(hands.venueId, instrument, { ...order, price: order.price ?? order.worstPrice })
  const opensShort = order.side === 'sell' && instrument.canShort
  if (opensShort && order.stopPrice === undefined)
    throw new TradingError({
      code: 'ORDER_REFUSED',
      message: `${hands.venueId} ${order.symbol}: a short position without a stop could lose without end; say a stopPrice; nothing was sent`,
      details: { symbol: order.symbol },
    })
  const isAtMarket = order.price === undefined
  return send(hands, intent, instrument, order, options, {
    price,
    timeInForce: isAtMarket && order.timeInForce !== 'FOK' ? 'IOC' : order.timeInForce,
    postOnly: order.postOnly,
    isClosing: false,
    riskStopPrice: order.stopPrice,
  })
}

/** @throws {TradingError} `WOULD_CROSS_ZERO`, and what a real exchange would refuse for; nothing was sent. */
export async function closePosition(
  hands: PaperHands,
  intent: Intent,
  order: ClosePositionParams,
  options: ExecuteOptions,
): Promise<Receipt> {
  const instrument = await instrumentOf(hands, order.symbol, options)
  const { price, triggerPrice } = checkOrder(hands.venueId, instrument, { ...order, triggerPrice: order.stopPrice })
  return send(hands, intent, instrument, order, options, {
    price,
    stopPrice: triggerPrice,
    isClosing: true,
    isStop: order.isStop ?? order.stopPrice !== undefined,
    riskStopPrice: triggerPrice,
  })
}

async function send(
  hands: PaperHands,
  intent: Intent,
  instrument: Instrument,
  { symbol, side, quantity }: PlaceOrderParams | ClosePositionParams,
  options: ExecuteOptions,
  terms: Terms,
): Promise<Receipt> {
  const { book, exchange, delivery, market, rates, clock, latencyMs } = hands
  const { strategyId } = intent
  const clientOrderId = clientOrderIdOf(options.idempotencyKey)
  if (exchange.order(clientOrderId) !== undefined) return receiptFor(hands, intent, clientOrderId)
  if (book.order(clientOrderId) !== undefined) throw sentBefore(hands, symbol)

  // A close needs no rate to be sized: it passes when none is known.
  const { quoteAsset, baseAsset, makerFee, takerFee } = instrument
  const quoteRate = terms.isClosing ? await rates.orNewest(quoteAsset, '1') : await rates.now(quoteAsset)
  let seen = (await market.orderBook(symbol, levels, options)).value
  if (terms.isClosing) requireHeld(hands, strategyId, symbol, side, quantity)
  market.follow(symbol)
  const request: PaperOrderRequest = {
    clientOrderId,
    strategyId,
    intentId: intent.id,
    symbol,
    baseAsset,
    quoteAsset,
    side,
    quantity,
    worstPrice: terms.price ?? terms.stopPrice ?? marketPrice(hands, seen, side),
    makerFee,
    takerFee,
    feesRatio: Decimal.of(takerFee).times('2').text,
    quoteRate,
    createdAt: clock.now(),
    ...terms,
  }
  const noted = book.send(bookOrderOf(request))
  try {
    if (latencyMs > 0) {
      await noted
      await clock.sleep(latencyMs, { signal: options.signal })
      seen = (await market.orderBook(symbol, levels, options)).value
    }
    delivery.add(exchange.place(request, seen, clock.now()))
    await noted
    return await receiptFor(hands, intent, clientOrderId)
  } catch (error) {
    if (exchange.order(clientOrderId) !== undefined) throw notWritten(error)
    await Promise.all([noted, book.end(clientOrderId, 'rejected', clock.now())])
    throw error
  }
}

/** The receipt of an order that the exchange has, once the book knows all of it. */
export function receiptFor(hands: PaperHands, intent: Intent, clientOrderId: string): Promise<Receipt> {
  const { book, exchange, delivery, clock } = hands
  return delivery.deliver(() => {
    const { orderId, symbol, status, filled, averagePrice } = orderView(exchange.order(clientOrderId) as PaperOrder)
    return book.receipt({
      intentId: intent.id,
      strategyId: intent.strategyId,
      symbol,
      clientOrderId,
      venueRef: orderId,
      at: clock.now(),
      details: { status, filled, ...(averagePrice === undefined ? {} : { averagePrice }) },
    })
  })
}

async function instrumentOf(hands: PaperHands, symbol: string, options: ExecuteOptions): Promise<Instrument> {
  return (await hands.market.instrument(symbol, options)).value
}

function requireHeld(
  { book, venueId }: PaperHands,
  strategyId: string,
  symbol: string,
  side: 'buy' | 'sell',
  quantity: string,
): void {
  const closable = book.closable(strategyId, symbol, side)
  if (Decimal.of(quantity).compare(closable) <= 0) return
  throw new TradingError({
    code: 'WOULD_CROSS_ZERO',
    message: `${venueId} ${symbol}: ${strategyId} can ${side} ${closable} to close, not ${quantity}: more would go through zero; nothing was sent`,
    details: { symbol, closable, quantity },
  })
}

/** What an order at the market is going to meet first. */
function marketPrice({ venueId }: PaperHands, { symbol, bids, asks }: OrderBook, side: 'buy' | 'sell'): string {
  const price = (side === 'buy' ? asks : bids)[0]?.[0]
  if (price !== undefined) return price
  throw new TradingError({
    code: 'BOOK_EMPTY',
    message: `${venueId} ${symbol}: nobody ${side === 'buy' ? 'sells' : 'buys'} now, so an order at the market has no price; nothing was sent`,
    retryable: true,
    details: { symbol },
  })
}

function sentBefore({ venueId }: PaperHands, symbol: string): TradingError {
  return new TradingError({
    code: 'ORDER_REFUSED',
    message: `${venueId} ${symbol}: an order of this key was sent before and did not come to be; propose anew, under a new key`,
    details: { symbol },
  })
}

function notWritten(cause: unknown): AutomationError {
  return new AutomationError({
    code: 'ORDER_NOT_WRITTEN',
    message: 'the paper order stands, but it could not be written down; it is looked up, not sent again',
    effect: 'done',
    cause,
  })
}
