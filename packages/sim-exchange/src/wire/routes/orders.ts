import type { PlacementRefusal } from '../../matching/matching-engine.ts'
import type { Order } from '../../matching/order.ts'
import { listingOf, type Route, type SignedCall } from '../call.ts'
import { readOrder } from '../read-order.ts'
import { cancelledRow, orderRow, placedRow } from '../rows/order-row.ts'
import { refusals, WireError } from '../wire-error.ts'

const refusalMessages: Readonly<Record<PlacementRefusal, string>> = {
  'insufficient-balance': 'Account has insufficient balance for requested action.',
  'would-take': 'Order would immediately match and take.',
  'would-trigger': 'Stop price would trigger immediately.',
  'duplicate-client-order-id': 'Duplicate order sent.',
}

/** Placing, asking for and ending orders. */
export const orderRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/v3/order',
    socketMethod: 'order.place',
    weight: 1,
    isOrder: true,
    access: 'trade',
    handle: placeOrder,
  },
  {
    method: 'POST',
    path: '/api/v3/order/test',
    socketMethod: 'order.test',
    weight: 1,
    access: 'trade',
    handle: call => {
      readOrder(call)
      return {}
    },
  },
  {
    method: 'GET',
    path: '/api/v3/order',
    socketMethod: 'order.status',
    weight: 4,
    access: 'read',
    handle: call => orderRow(findOrder(call, refusals.noSuchOrder())),
  },
  {
    method: 'DELETE',
    path: '/api/v3/order',
    socketMethod: 'order.cancel',
    weight: 1,
    access: 'trade',
    handle: cancelOrder,
  },
  {
    method: 'GET',
    path: '/api/v3/openOrders',
    socketMethod: 'openOrders.status',
    weight: params => (params.optional('symbol') === undefined ? 80 : 6),
    access: 'read',
    handle: call => openOrders(call).map(orderRow),
  },
  {
    method: 'DELETE',
    path: '/api/v3/openOrders',
    socketMethod: 'openOrders.cancelAll',
    weight: 1,
    access: 'trade',
    handle: cancelAll,
  },
  {
    method: 'GET',
    path: '/api/v3/allOrders',
    socketMethod: 'allOrders',
    weight: 20,
    access: 'read',
    handle: allOrders,
  },
]

function placeOrder(call: SignedCall): object {
  const detail =
    call.params.choice(
      'newOrderRespType',
      ['ACK', 'RESULT', 'FULL'],
      refusals.illegal('newOrderRespType', 'ACK|RESULT|FULL'),
    ) ?? 'FULL'
  const placed = call.exchange.engine.place(readOrder(call))
  if (!placed.ok) throw refusals.order(refusalMessages[placed.refusal])
  return placedRow(placed.order, placed.trades, detail)
}

function cancelOrder(call: SignedCall): object {
  const order = findOrder(call, refusals.unknownOrder(), 'open')
  if (!call.exchange.engine.cancel(order, call.exchange.nowMs)) throw refusals.unknownOrder()
  return cancelledRow(order, call.exchange.nowMs, call.params.optional('newClientOrderId') ?? `cancel-${order.id}`)
}

function cancelAll(call: SignedCall): object {
  const { market } = listingOf(call)
  const orders = openOrders(call).filter(order => order.market === market)
  if (orders.length === 0) throw refusals.unknownOrder()
  return orders.map(order => {
    call.exchange.engine.cancel(order, call.exchange.nowMs)
    return cancelledRow(order, call.exchange.nowMs, `cancel-${order.id}`)
  })
}

function allOrders(call: SignedCall): object {
  const { market } = listingOf(call)
  const { params } = call
  const fromId = params.integer('orderId')
  const fromMs = params.integer('startTime') ?? 0
  const toMs = params.integer('endTime') ?? Number.POSITIVE_INFINITY
  const rows = [...(call.key.trader.history?.orders ?? [])].filter(
    order =>
      order.market === market &&
      order.createdAtMs >= fromMs &&
      order.createdAtMs <= toMs &&
      (fromId === undefined || order.id >= fromId),
  )
  const limit = params.limit(500, 1_000)
  const isForwards = fromId !== undefined || params.integer('startTime') !== undefined
  return (isForwards ? rows.slice(0, limit) : rows.slice(-limit)).map(orderRow)
}

function openOrders(call: SignedCall): readonly Order[] {
  const market = call.params.optional('symbol') === undefined ? undefined : listingOf(call).market
  return [...call.key.trader.open.values()].filter(order => market === undefined || order.market === market)
}

function findOrder(call: SignedCall, refusal: WireError, which: 'any' | 'open' = 'any'): Order {
  const { params, key } = call
  const { market } = listingOf(call)
  const id = params.integer('orderId')
  const clientOrderId = params.optional('origClientOrderId')
  if (id === undefined && clientOrderId === undefined)
    throw new WireError(-1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!")
  const { open, history } = key.trader
  const order =
    id !== undefined
      ? history?.byId(id)
      : which === 'open'
        ? open.get(clientOrderId ?? '')
        : history?.byClientId(clientOrderId ?? '')
  if (order === undefined || order.market !== market) throw refusal
  if (clientOrderId !== undefined && order.clientOrderId !== clientOrderId) throw refusal
  return order
}
