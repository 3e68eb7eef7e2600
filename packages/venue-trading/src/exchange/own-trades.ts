import { AutomationError, type CallOptions, Decimal } from '@org/core'
import type { NewFill } from '../book/book-order.ts'
import type { CcxtClient } from './ccxt-client.ts'
import type { OrderIds } from './order-ids.ts'
import { type ExchangeTrade, readOrder, readTrade } from './read-account.ts'

const tradesPerPage = 500
const pagesMax = 200
/** More orders than this are asked for as a list. */
const lookUpsMax = 3
/** Orders are made before they trade. */
const listBeforeMs = 3_600_000
/** No exchange pages by less: an answer with fewer rows is the last. */
const pageRowsMin = 20

/** The account's trades of a symbol from `since` on, oldest first, each once. */
export async function tradesSince(
  client: CcxtClient,
  symbol: string,
  since: number | undefined,
  options: CallOptions,
): Promise<readonly ExchangeTrade[]> {
  const trades = new Map<string, ExchangeTrade>()
  let from = since
  for (let page = 0; page < pagesMax; page++) {
    const at = from
    const rows = await client.read('fetchMyTrades', each => each.fetchMyTrades(symbol, at, tradesPerPage), options)
    const fresh = rows.map(row => readTrade(client.exchange.id, row)).filter(({ tradeId }) => !trades.has(tradeId))
    for (const trade of fresh) trades.set(trade.tradeId, trade)
    if (fresh.length === 0 || rows.length < pageRowsMin) break
    from = Math.max(...fresh.map(trade => trade.at))
  }
  return [...trades.values()].sort((a, b) => a.at - b.at || Decimal.of(idOrder(a)).compare(idOrder(b)))
}

/** Within a millisecond trades come in the order of their ids, where those are numbers. */
function idOrder({ tradeId }: ExchangeTrade): string {
  return /^\d{1,30}$/.test(tradeId) ? tradeId : '0'
}

/** The same trades with the client order ids of their orders; the exchange is asked about orders that nobody has seen yet. */
export async function withClientIds(
  client: CcxtClient,
  ids: OrderIds,
  symbol: string,
  trades: readonly ExchangeTrade[],
  options: CallOptions,
): Promise<readonly NewFill[]> {
  for (const { orderId, clientOrderId } of trades)
    if (orderId !== undefined && clientOrderId !== undefined) ids.learn(orderId, clientOrderId)
  const unseen = new Set(
    trades.flatMap(({ orderId }) => (orderId !== undefined && ids.clientIdOf(orderId) === undefined ? [orderId] : [])),
  )
  // Many strange orders at once, after a break: one list instead of a question for each.
  if (unseen.size > lookUpsMax && client.exchange.has['fetchOrders'] === true) {
    const since = Math.min(...trades.map(({ at }) => at)) - listBeforeMs
    const rows = await client.read('fetchOrders', each => each.fetchOrders(symbol, since, tradesPerPage), options)
    for (const row of rows) {
      const { orderId, clientOrderId = '' } = readOrder(client.exchange.id, row)
      ids.learn(orderId, clientOrderId)
      unseen.delete(orderId)
    }
  }
  for (const orderId of unseen) ids.learn(orderId, await clientIdOf(client, symbol, orderId, options))
  return trades.map(({ orderId = '', ...trade }) => ({
    ...trade,
    symbol,
    orderId,
    clientOrderId: trade.clientOrderId ?? ids.clientIdOf(orderId) ?? '',
  }))
}

/** @returns `''` for an order that has none, or that the exchange has forgotten. */
async function clientIdOf(client: CcxtClient, symbol: string, orderId: string, options: CallOptions): Promise<string> {
  try {
    const answer = await client.read('fetchOrder', each => each.fetchOrder(orderId, symbol), options)
    return readOrder(client.exchange.id, answer).clientOrderId ?? ''
  } catch (error) {
    if (AutomationError.isInstance(error) && (error.code === 'ORDER_NOT_FOUND' || error.code === 'NOT_SUPPORTED'))
      return ''
    throw error
  }
}
