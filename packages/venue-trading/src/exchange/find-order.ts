import { AutomationError, type CallOptions } from '@org/core'
import type { CcxtClient } from './ccxt-client.ts'
import type { CcxtExchange, CcxtParams } from './ccxt-exchange.ts'
import type { ExchangeHands } from './hands.ts'
import { type ExchangeOrder, readOrder } from './read-account.ts'

/** What an exchange knows of a client order id. `unclear`: it cannot be asked so that a no would be sure. */
export type OrderLookup =
  | {
      readonly kind: 'found'
      readonly order: ExchangeOrder
      /** It stands among the orders that wait for a price, which this exchange keeps apart. */
      readonly isApart: boolean
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unclear'; readonly reason: string }

export interface SoughtOrder {
  readonly symbol: string
  readonly clientOrderId: string
  /** The exchange's own id, where it is known. */
  readonly orderId: string | undefined
  /** It waits for a price. */
  readonly isTrigger: boolean
}

/** An order as it is sought, with what is known of it. */
export function soughtOrder(
  { book, ids }: Pick<ExchangeHands, 'book' | 'ids'>,
  symbol: string,
  clientOrderId: string,
): SoughtOrder {
  const sent = book.order(clientOrderId)
  const isTrigger = sent === undefined || (sent.isClosing && sent.stopPrice !== undefined)
  return { symbol, clientOrderId, orderId: ids.orderIdOf(clientOrderId), isTrigger }
}

/**
 * Looks an order up by its client order id: directly, and where the exchange says no or cannot, in the lists of open and of past orders. Only a no of
 * both is a no: ccxt asks some exchanges with the parameter, and they answer about something else. One that waits for a price is sought among
 * those as well.
 *
 * @throws {ExchangeError} when the exchange could not be asked.
 */
export async function findOrder(client: CcxtClient, sought: SoughtOrder, options: CallOptions): Promise<OrderLookup> {
  const { symbol, clientOrderId, isTrigger } = sought
  const { id, has } = client.exchange
  const direct = await askFor(client, sought, {}, options)
  if (direct !== undefined) return { kind: 'found', order: direct, isApart: false }

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
  const order = rows.find(row => isSought(row, sought))
  if (order !== undefined) return { kind: 'found', order, isApart: false }
  const apart = isTrigger ? await amongTriggers(client, sought, options) : undefined
  if (apart !== undefined) return { kind: 'found', order: apart, isApart: true }

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

/** An exchange that keeps no such orders apart refuses the question. */
async function amongTriggers(
  client: CcxtClient,
  sought: SoughtOrder,
  options: CallOptions,
): Promise<ExchangeOrder | undefined> {
  const params = { trigger: true }
  const direct = await askFor(client, sought, params, options)
  if (direct !== undefined) return direct
  const open = client.read(
    'fetchOpenOrders',
    each => each.fetchOpenOrders(sought.symbol, undefined, undefined, params),
    options,
  )
  const rows = ((await orRefusal(open)) ?? []) as readonly unknown[]
  return rows.map(row => readOrder(client.exchange.id, row)).find(row => isSought(row, sought))
}

async function askFor(
  client: CcxtClient,
  sought: SoughtOrder,
  params: CcxtParams,
  options: CallOptions,
): Promise<ExchangeOrder | undefined> {
  const { symbol, clientOrderId, orderId } = sought
  if (!isThere(client.exchange.has, 'fetchOrder')) return undefined
  const ask = (exchange: CcxtExchange) =>
    orderId === undefined
      ? exchange.fetchOrder('', symbol, { clientOrderId, ...params })
      : exchange.fetchOrder(orderId, symbol, params)
  const answer = await orRefusal(client.read('fetchOrder', ask, options))
  if (answer === undefined) return undefined
  const order = readOrder(client.exchange.id, answer)
  return isSought(order, sought) ? order : undefined
}

function isSought(order: ExchangeOrder, { clientOrderId, orderId }: SoughtOrder): boolean {
  return order.clientOrderId === clientOrderId || (orderId !== undefined && order.orderId === orderId)
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
