import { AutomationError, type CallOptions } from '@org/core'
import type { CcxtClient } from './ccxt-client.ts'
import type { CcxtExchange } from './ccxt-exchange.ts'
import { type ExchangeOrder, readOrder } from './read-account.ts'

/** What an exchange knows of a client order id. `unclear`: it cannot be asked so that a no would be sure. */
export type OrderLookup =
  | { readonly kind: 'found'; readonly order: ExchangeOrder }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unclear'; readonly reason: string }

/**
 * Looks an order up by its client order id: directly, and where the exchange says no or cannot, in the lists of open and of past orders. Only a no of
 * both is a no: ccxt asks some exchanges with the parameter, and they answer about something else.
 *
 * @param orderId The exchange's own id, where it is known.
 * @throws {ExchangeError} when the exchange could not be asked.
 */
export async function findOrder(
  client: CcxtClient,
  sought: { readonly symbol: string; readonly clientOrderId: string; readonly orderId?: string | undefined },
  options: CallOptions,
): Promise<OrderLookup> {
  const { symbol, clientOrderId, orderId } = sought
  const { id, has } = client.exchange
  const isSought = (order: ExchangeOrder) =>
    order.clientOrderId === clientOrderId || (orderId !== undefined && order.orderId === orderId)

  if (isThere(has, 'fetchOrder')) {
    const ask = (exchange: CcxtExchange) =>
      orderId === undefined ? exchange.fetchOrder('', symbol, { clientOrderId }) : exchange.fetchOrder(orderId, symbol)
    const answer = await orRefusal(client.read('fetchOrder', ask, options))
    if (answer !== undefined) {
      const order = readOrder(id, answer)
      if (isSought(order)) return { kind: 'found', order }
    }
  }

  const past = isThere(has, 'fetchOrders')
    ? 'fetchOrders'
    : isThere(has, 'fetchClosedOrders')
      ? 'fetchClosedOrders'
      : undefined
  const lists = [
    isThere(has, 'fetchOpenOrders')
      ? client.read('fetchOpenOrders', each => each.fetchOpenOrders(symbol), options)
      : [],
    past === undefined ? [] : client.read(past, each => each[past](symbol), options),
  ]
  const rows = (await Promise.all(lists)).flat().map(row => readOrder(id, row))
  const order = rows.find(isSought)
  if (order !== undefined) return { kind: 'found', order }
  if (past === undefined || !isThere(has, 'fetchOpenOrders'))
    return {
      kind: 'unclear',
      reason: `${id} cannot list its orders, so whether it knows ${clientOrderId} cannot be told`,
    }
  if (rows.length > 0 && rows.every(each => each.clientOrderId === undefined))
    return {
      kind: 'unclear',
      reason: `${id} does not say client order ids, so whether it knows ${clientOrderId} cannot be told`,
    }
  return { kind: 'absent' }
}

function isThere(has: CcxtExchange['has'], call: string): boolean {
  return has[call] === true || has[call] === 'emulated'
}

/** `undefined` for a no, whatever the exchange calls it. */
async function orRefusal(asking: Promise<unknown>): Promise<unknown> {
  try {
    return await asking
  } catch (error) {
    const isNo = AutomationError.isInstance(error) && refusals.has(error.code)
    if (isNo) return undefined
    throw error
  }
}

const refusals = new Set(['ORDER_NOT_FOUND', 'ORDER_REFUSED', 'EXCHANGE_REFUSED', 'NOT_SUPPORTED', 'ORDER_TOO_SMALL'])
