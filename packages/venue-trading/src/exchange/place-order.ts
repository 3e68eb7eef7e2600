import {
  AutomationError,
  type CallOptions,
  Decimal,
  describeError,
  type ExecuteOptions,
  type Intent,
  type Receipt,
} from '@org/core'
import { clientOrderIdOf } from '../actions/client-order-id.ts'
import type { Side } from '../actions/order-actions.ts'
import type { NewOrder } from '../book/book-order.ts'
import { checkOrder } from './check-order.ts'
import { ExchangeError } from './exchange-error.ts'
import { findOrder, soughtOrder } from './find-order.ts'
import { givenReceipt, giveReceipt } from './give-receipt.ts'
import { arrivalMsMax, type ExchangeHands, leaveMsMax } from './hands.ts'
import { type OrderPlan, planOf, type WireOrder } from './plan-order.ts'
import { type ExchangeOrder, readOrder } from './read-account.ts'
import { readTicker } from './read-market-data.ts'
import { takeInOrder } from './take-in.ts'
import { wireOrderId } from './wire-order-id.ts'

/**
 * Sends the order of a `place-order` or a `close-position`.
 *
 * @throws {ExchangeError} `WOULD_CROSS_ZERO` for a close of more than is held. With `effect: 'unknown'` where the exchange did not say.
 */
export async function placeOrder(hands: ExchangeHands, intent: Intent, options: ExecuteOptions): Promise<Receipt> {
  const { book, client, clock } = hands
  const plan = await planOf(hands, intent, options)
  const { wire, instrument } = plan
  const { symbol } = instrument
  const clientOrderId = wireOrderId(client.exchange.id, clientOrderIdOf(options.idempotencyKey))
  const before = await earlierReceipt(hands, intent, symbol, clientOrderId, options)
  if (before !== undefined) return before

  let worstPrice = wire.price ?? wire.triggerPrice
  if (worstPrice === undefined) {
    worstPrice = await marketPrice(hands, symbol, wire.side, options)
    checkOrder(client.exchange.id, instrument, { side: wire.side, quantity: wire.quantity, price: worstPrice })
  }
  if (plan.terms.isClosing) requireHeld(hands, intent, symbol, wire)
  const at = clock.now()
  try {
    await book.send(newOrder(intent, plan, { clientOrderId, worstPrice, at }))
  } catch (error) {
    // What is not written down does not leave.
    await book.end(clientOrderId, 'rejected', clock.now()).catch(() => {})
    throw error
  }
  let order: ExchangeOrder
  try {
    const params = { ...wire.params, clientOrderId }
    const answer = await client.write(
      'createOrder',
      exchange => exchange.createOrder(symbol, wire.type, wire.side, wire.quantity, wire.price, params),
      { ...options, leavesBy: at + leaveMsMax },
    )
    order = readSent(client.exchange.id, answer)
  } catch (error) {
    if (AutomationError.isInstance(error) && error.effect === 'none')
      await book.end(clientOrderId, 'rejected', clock.now())
    throw error
  }
  return accepted(hands, intent, symbol, clientOrderId, order, options)
}

/** An order that the exchange has and that nobody here wrote down: the store was lost, or is another's. */
export async function rememberFound(
  hands: ExchangeHands,
  intent: Intent,
  clientOrderId: string,
  found: ExchangeOrder,
  options: CallOptions,
): Promise<void> {
  const plan = await planOf(hands, intent, options)
  const { price, triggerPrice, side } = plan.wire
  const { symbol } = plan.instrument
  const worstPrice = price ?? triggerPrice ?? found.averagePrice ?? (await marketPrice(hands, symbol, side, options))
  const at = found.createdAt ?? hands.clock.now()
  await hands.book.send(newOrder(intent, plan, { clientOrderId, worstPrice, at }))
}

function newOrder(
  intent: Intent,
  { instrument, wire, terms }: OrderPlan,
  more: Pick<NewOrder, 'clientOrderId' | 'worstPrice' | 'at'>,
): NewOrder {
  return {
    strategyId: intent.strategyId,
    intentId: intent.id,
    symbol: instrument.symbol,
    side: wire.side,
    quantity: wire.quantity,
    feesRatio: Decimal.of(instrument.takerFee).times(2).text,
    ...terms,
    ...more,
  }
}

/** What was sent under this key before is looked up, never sent again on a guess. */
async function earlierReceipt(
  hands: ExchangeHands,
  intent: Intent,
  symbol: string,
  clientOrderId: string,
  options: CallOptions,
): Promise<Receipt | undefined> {
  const { book, client, clock } = hands
  const known = await givenReceipt(hands, intent)
  if (known !== undefined) return known
  const sent = book.order(clientOrderId)
  if (sent === undefined) return undefined
  const lookup = await findOrder(client, soughtOrder(hands, symbol, clientOrderId), options)
  if (lookup.kind === 'found') return accepted(hands, intent, symbol, clientOrderId, lookup.order, options)
  if (lookup.kind === 'absent' && (sent.status === 'rejected' || clock.now() - sent.at > arrivalMsMax)) {
    throw new ExchangeError({
      code: 'ORDER_REFUSED',
      message: `${hands.venueId} ${symbol}: an order of this key was sent before and did not come to be; propose anew, under a new key`,
    })
  }
  throw new ExchangeError({
    code: 'EXCHANGE_TIMEOUT',
    message: `${hands.venueId} ${symbol}: an order of this key was sent before and may still be on its way; it is looked up, not sent again`,
    effect: 'unknown',
  })
}

/** The exchange has it. What could not be found out now comes later as results. */
export async function accepted(
  hands: ExchangeHands,
  intent: Intent,
  symbol: string,
  clientOrderId: string,
  said: ExchangeOrder,
  options: CallOptions,
): Promise<Receipt> {
  let order = said
  try {
    order = await takeInOrder(hands, symbol, clientOrderId, said, options)
  } catch (error) {
    hands.logger.warn(
      { symbol, clientOrderId },
      `its fills are not known yet and come as results: ${describeError(error)}`,
    )
  }
  return giveReceipt(hands, {
    intentId: intent.id,
    strategyId: intent.strategyId,
    symbol,
    clientOrderId,
    venueRef: order.orderId,
    at: hands.clock.now(),
    details: {
      status: order.status ?? 'open',
      filled: order.filled ?? '0',
      ...(order.averagePrice === undefined ? {} : { averagePrice: order.averagePrice }),
    },
  })
}

/** The order is there if it has an id; an answer without one says nothing. */
function readSent(exchange: string, answer: unknown): ExchangeOrder {
  try {
    return readOrder(exchange, answer)
  } catch (error) {
    throw new ExchangeError({
      code: 'MALFORMED_ANSWER',
      message: `${exchange} createOrder: the answer could not be read; look the order up before anything is repeated`,
      effect: 'unknown',
      cause: error,
    })
  }
}

function requireHeld(
  { book, venueId }: ExchangeHands,
  intent: Intent,
  symbol: string,
  { side, quantity }: WireOrder,
): void {
  const closable = book.closable(intent.strategyId, symbol, side)
  if (Decimal.of(quantity).compare(closable) <= 0) return
  throw new ExchangeError({
    code: 'WOULD_CROSS_ZERO',
    message: `${venueId} ${symbol}: ${intent.strategyId} can ${side} ${closable} to close, not ${quantity}: more would go through zero; nothing was sent`,
    details: { symbol, closable, quantity },
  })
}

/** What an order at the market costs at worst is not known; what the other side asks now is the best guess. */
async function marketPrice(hands: ExchangeHands, symbol: string, side: Side, options: CallOptions): Promise<string> {
  const { client } = hands
  const { answer, sentAt } = await client.readDated('fetchTicker', each => each.fetchTicker(symbol), options)
  const { bid, ask, last } = readTicker(client.exchange.id, symbol, answer, sentAt)
  const price = (side === 'buy' ? ask : bid) ?? last
  if (price !== undefined && Decimal.of(price).isPositive) return price
  throw new ExchangeError({
    code: 'BOOK_EMPTY',
    message: `${hands.venueId} ${symbol}: nobody ${side === 'buy' ? 'sells' : 'buys'} now, so an order at the market has no price; nothing was sent`,
    retryable: true,
  })
}
