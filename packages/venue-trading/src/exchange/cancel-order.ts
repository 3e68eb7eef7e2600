import { AutomationError, type CallOptions, type Intent, type Receipt } from '@org/core'
import type { CancelOrderParams } from '../actions/order-actions.ts'
import { external } from '../book/book-order.ts'
import { ExchangeError } from './exchange-error.ts'
import { findOrder, soughtOrder } from './find-order.ts'
import { givenReceipt, giveReceipt } from './give-receipt.ts'
import { arrivalMsMax, type ExchangeHands } from './hands.ts'
import type { ExchangeOrder } from './read-account.ts'
import { takeInOrder } from './take-in.ts'
import { wireOrderId } from './wire-order-id.ts'

/**
 * Cancels what is left of an order. One that has ended already is what was asked for.
 *
 * @throws {ExchangeError} `NOT_OWN_ORDER` for another strategy's and for one made elsewhere: a stop taken away is a risk. `ORDER_NOT_FOUND` while the order may still be on
 *   its way.
 */
export async function cancelOrder(
  hands: ExchangeHands,
  intent: Intent,
  params: CancelOrderParams,
  options: CallOptions,
): Promise<Receipt> {
  const { book, client, clock } = hands
  const { symbol } = params
  const clientOrderId = wireOrderId(client.exchange.id, params.clientOrderId)
  const given = await givenReceipt(hands, intent)
  if (given !== undefined) return given
  if (book.order(clientOrderId) === undefined) await book.catchUp()
  const owner = book.order(clientOrderId)?.strategyId
  if (owner !== undefined) requireOwn(hands, intent, symbol, clientOrderId, owner)
  const sought = soughtOrder(hands, symbol, clientOrderId)
  const lookup = await findOrder(client, sought, options)
  if (lookup.kind !== 'found') {
    const sent = book.order(clientOrderId)
    const mayArrive = sent?.status === 'open' && clock.now() - sent.at <= arrivalMsMax
    if (lookup.kind === 'unclear' || mayArrive)
      throw new ExchangeError({
        code: 'ORDER_NOT_FOUND',
        message: `${hands.venueId} ${symbol}: ${client.exchange.id} does not show order ${clientOrderId}, which may still be on its way; cancel it again later`,
        retryable: true,
      })
    if (sent?.status === 'open') await book.end(clientOrderId, 'rejected', clock.now())
    return cancelReceipt(hands, intent, { symbol, clientOrderId })
  }
  let order = lookup.order
  if (order.status === 'open' || order.status === undefined) {
    // Nobody here wrote it down.
    if (owner === undefined) requireOwn(hands, intent, symbol, clientOrderId, external)
    const params = lookup.isApart ? { trigger: true } : {}
    try {
      await client.write('cancelOrder', exchange => exchange.cancelOrder(order.orderId, symbol, params), options)
    } catch (error) {
      // Filled or cancelled in between.
      if (!AutomationError.isInstance(error) || error.code !== 'ORDER_NOT_FOUND') throw error
    }
    const after = await findOrder(client, { ...sought, orderId: order.orderId }, options)
    if (after.kind === 'found') order = after.order
  }
  await takeInOrder(hands, symbol, clientOrderId, order, options)
  return cancelReceipt(hands, intent, { symbol, clientOrderId, order })
}

function requireOwn(
  { venueId }: ExchangeHands,
  intent: Intent,
  symbol: string,
  clientOrderId: string,
  owner: string,
): void {
  if (owner === intent.strategyId) return
  const whose = owner === external ? 'was made elsewhere' : `is ${owner}'s`
  throw new ExchangeError({
    code: 'NOT_OWN_ORDER',
    message: `${venueId} ${symbol}: order ${clientOrderId} ${whose}; ${intent.strategyId} may cancel its own`,
  })
}

/** Of an order of ours the book says what its end gives back; of any other there is nothing to say. */
export function cancelReceipt(
  hands: ExchangeHands,
  intent: Intent,
  cancelled: { readonly symbol: string; readonly clientOrderId: string; readonly order?: ExchangeOrder },
): Promise<Receipt> {
  const { symbol, clientOrderId, order } = cancelled
  return giveReceipt(hands, {
    intentId: intent.id,
    strategyId: intent.strategyId,
    symbol,
    clientOrderId,
    venueRef: order?.orderId,
    at: hands.clock.now(),
    details: { status: order?.status ?? 'cancelled', filled: order?.filled ?? '0' },
  })
}
