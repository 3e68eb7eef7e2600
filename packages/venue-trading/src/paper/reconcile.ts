import type { ExecuteOptions, Intent, Receipt, Reconciliation } from '@org/core'
import { clientOrderIdOf } from '../actions/client-order-id.ts'
import { type CancelOrderParams, cancelOrderSchema } from '../actions/order-actions.ts'
import { TradingError } from '../actions/trading-error.ts'
import type { PaperHands } from './paper-hands.ts'
import { orderView } from './paper-order.ts'
import { receiptFor } from './place-order.ts'

/** Looks up what became of an intent that is not under way here. */
export async function reconcile(
  hands: PaperHands,
  intent: Intent,
  { idempotencyKey }: ExecuteOptions,
): Promise<Reconciliation> {
  const { book, exchange, clock } = hands
  const given = book.receiptOf(intent.id)
  if (given !== undefined) return { status: 'done', receipt: given }
  if (intent.action === 'cancel-order') {
    const { data } = cancelOrderSchema.safeParse(intent.params)
    const order = data === undefined ? undefined : exchange.order(data.clientOrderId)
    if (data === undefined || order?.status === 'open') return { status: 'not-done' }
    return { status: 'done', receipt: await cancelReceipt(hands, intent, data) }
  }
  const clientOrderId = clientOrderIdOf(idempotencyKey)
  if (exchange.order(clientOrderId) !== undefined)
    return { status: 'done', receipt: await receiptFor(hands, intent, clientOrderId) }
  await book.end(clientOrderId, 'rejected', clock.now())
  return { status: 'not-done' }
}

/**
 * Cancels what is left of an order. One that has ended already is what was asked for.
 *
 * @throws {TradingError} `NOT_OWN_ORDER` for another strategy's: a stop taken away is a risk.
 */
export async function cancelOrder(hands: PaperHands, intent: Intent, params: CancelOrderParams): Promise<Receipt> {
  const { book, exchange, venueId } = hands
  const { symbol, clientOrderId } = params
  const owner = (exchange.order(clientOrderId) ?? book.order(clientOrderId))?.strategyId
  if (owner !== undefined && owner !== intent.strategyId)
    throw new TradingError({
      code: 'NOT_OWN_ORDER',
      message: `${venueId} ${symbol}: order ${clientOrderId} is ${owner}'s; ${intent.strategyId} may cancel its own`,
      details: { symbol, owner },
    })
  hands.delivery.add(exchange.cancel(clientOrderId))
  return cancelReceipt(hands, intent, params)
}

function cancelReceipt(hands: PaperHands, intent: Intent, params: CancelOrderParams): Promise<Receipt> {
  const { book, exchange, delivery, clock } = hands
  const { symbol, clientOrderId } = params
  return delivery.deliver(() => {
    const order = exchange.order(clientOrderId)
    const view = order === undefined ? undefined : orderView(order)
    return book.receipt({
      intentId: intent.id,
      strategyId: intent.strategyId,
      symbol,
      clientOrderId,
      venueRef: view?.orderId,
      at: clock.now(),
      details: { status: view?.status ?? 'cancelled', filled: view?.filled ?? '0' },
    })
  })
}
