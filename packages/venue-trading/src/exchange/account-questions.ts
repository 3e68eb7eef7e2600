import type { CallOptions } from '@org/core'
import type { Balance, Fill, OrderView } from '../actions/views.ts'
import { external } from '../book/book-order.ts'
import { findOrder, soughtOrder } from './find-order.ts'
import type { ExchangeHands } from './hands.ts'
import { tradesSince, withClientIds } from './own-trades.ts'
import { type ExchangeOrder, readBalances, readOrder } from './read-account.ts'
import { wireOrderId } from './wire-order-id.ts'

export async function balances({ client }: ExchangeHands, options: CallOptions): Promise<readonly Balance[]> {
  return readBalances(client.exchange.id, await client.read('fetchBalance', each => each.fetchBalance(), options))
}

/** Those made elsewhere too. */
export async function openOrders(
  hands: ExchangeHands,
  symbol: string | undefined,
  options: CallOptions,
): Promise<readonly OrderView[]> {
  const { client } = hands
  const rows = await client.read('fetchOpenOrders', each => each.fetchOpenOrders(symbol), options)
  return rows.map(row => toView(hands, symbol ?? '', readOrder(client.exchange.id, row)))
}

/** `undefined`: the exchange does not know it, or cannot say. */
export async function oneOrder(
  hands: ExchangeHands,
  query: { readonly symbol: string; readonly clientOrderId: string },
  options: CallOptions,
): Promise<OrderView | undefined> {
  const { client } = hands
  const clientOrderId = wireOrderId(client.exchange.id, query.clientOrderId)
  const lookup = await findOrder(client, soughtOrder(hands, query.symbol, clientOrderId), options)
  return lookup.kind === 'found' ? toView(hands, query.symbol, lookup.order, clientOrderId) : undefined
}

export async function fills(
  hands: ExchangeHands,
  query: { readonly symbol: string; readonly since?: number | undefined },
  options: CallOptions,
): Promise<readonly Fill[]> {
  const { client, ids } = hands
  const trades = await tradesSince(client, query.symbol, query.since, options)
  const fills = await withClientIds(client, ids, query.symbol, trades, options)
  return fills.map(fill => ({ ...fill, strategyId: ownerOf(hands, fill.clientOrderId) }))
}

function toView(hands: ExchangeHands, symbol: string, order: ExchangeOrder, sought?: string): OrderView {
  const { ids, book } = hands
  const clientOrderId = order.clientOrderId ?? ids.clientIdOf(order.orderId) ?? sought ?? ''
  if (clientOrderId !== '') ids.learn(order.orderId, clientOrderId)
  const sent = book.order(clientOrderId)
  return {
    orderId: order.orderId,
    clientOrderId,
    symbol: order.symbol ?? symbol,
    side: order.side ?? sent?.side ?? 'buy',
    quantity: order.quantity ?? sent?.quantity ?? '0',
    filled: order.filled ?? sent?.filled ?? '0',
    price: order.price,
    stopPrice: order.stopPrice,
    averagePrice: order.averagePrice,
    status: order.status ?? sent?.status ?? 'open',
    strategyId: ownerOf(hands, clientOrderId),
    createdAt: order.createdAt ?? sent?.at ?? 0,
  }
}

function ownerOf({ book }: ExchangeHands, clientOrderId: string): string {
  return book.order(clientOrderId)?.strategyId ?? external
}
