import { AutomationError, describeError, type ExecuteOptions, type Intent, type Reconciliation } from '@org/core'
import { clientOrderIdOf } from '../actions/client-order-id.ts'
import { cancelOrderSchema, closePositionSchema, placeOrderSchema } from '../actions/order-actions.ts'
import { cancelReceipt } from './cancel-order.ts'
import { findOrder, soughtOrder } from './find-order.ts'
import { givenReceipt } from './give-receipt.ts'
import { arrivalMsMax, type ExchangeHands } from './hands.ts'
import { accepted, rememberFound } from './place-order.ts'
import { takeInOrder } from './take-in.ts'
import { wireOrderId } from './wire-order-id.ts'

/**
 * Looks what became of an intent; changes nothing at the exchange. `not-done` only when the exchange surely does not know the order and it can no
 * longer arrive.
 */
export async function reconcile(
  hands: ExchangeHands,
  intent: Intent,
  options: ExecuteOptions,
): Promise<Reconciliation> {
  try {
    const given = await givenReceipt(hands, intent)
    if (given !== undefined) return { status: 'done', receipt: given }
    return intent.action === 'cancel-order'
      ? await cancelled(hands, intent, options)
      : await placed(hands, intent, options)
  } catch (error) {
    if (options.signal?.aborted === true || !AutomationError.isInstance(error)) throw error
    return unknown(`${hands.venueId} could not be asked: ${describeError(error)}`)
  }
}

async function placed(hands: ExchangeHands, intent: Intent, options: ExecuteOptions): Promise<Reconciliation> {
  const { book, client, clock } = hands
  const schema = intent.action === 'close-position' ? closePositionSchema : placeOrderSchema
  const parsed = schema.safeParse(intent.params)
  if (!parsed.success) return unknown(`${intent.action}: its parameters cannot be read`)
  const { symbol } = parsed.data
  const clientOrderId = wireOrderId(client.exchange.id, clientOrderIdOf(options.idempotencyKey))
  const sent = book.order(clientOrderId)
  const lookup = await findOrder(client, soughtOrder(hands, symbol, clientOrderId), options)
  if (lookup.kind === 'found') {
    if (sent === undefined) await rememberFound(hands, intent, clientOrderId, lookup.order, options)
    if (lookup.order.status !== 'rejected')
      return { status: 'done', receipt: await accepted(hands, intent, symbol, clientOrderId, lookup.order, options) }
    await book.end(clientOrderId, 'rejected', clock.now())
    return { status: 'not-done' }
  }
  if (lookup.kind === 'unclear') return unknown(lookup.reason)
  // Written down before it leaves: what is not there never left this process.
  if (sent === undefined || sent.status === 'rejected') return { status: 'not-done' }
  const leftMs = sent.at + arrivalMsMax - clock.now()
  if (leftMs > 0)
    return unknown(`${client.exchange.id} does not know the order yet; it may arrive for another ${leftMs} ms`)
  await book.end(clientOrderId, 'rejected', clock.now())
  return { status: 'not-done' }
}

async function cancelled(hands: ExchangeHands, intent: Intent, options: ExecuteOptions): Promise<Reconciliation> {
  const { book, client, clock } = hands
  const parsed = cancelOrderSchema.safeParse(intent.params)
  if (!parsed.success) return unknown('cancel-order: its parameters cannot be read')
  const { symbol } = parsed.data
  const clientOrderId = wireOrderId(client.exchange.id, parsed.data.clientOrderId)
  const lookup = await findOrder(client, soughtOrder(hands, symbol, clientOrderId), options)
  if (lookup.kind === 'unclear') return unknown(lookup.reason)
  if (lookup.kind === 'absent') {
    const sent = book.order(clientOrderId)
    if (sent?.status === 'open' && clock.now() - sent.at <= arrivalMsMax)
      return unknown('the order itself may still be on its way')
    return { status: 'done', receipt: await cancelReceipt(hands, intent, { symbol, clientOrderId }) }
  }
  const { order } = lookup
  if (order.status === undefined) return unknown(`${client.exchange.id} does not say how the order stands`)
  if (order.status === 'open') return { status: 'not-done' }
  await takeInOrder(hands, symbol, clientOrderId, order, options)
  return { status: 'done', receipt: await cancelReceipt(hands, intent, { symbol, clientOrderId, order }) }
}

function unknown(reason: string): Reconciliation {
  return { status: 'unknown', reason }
}
