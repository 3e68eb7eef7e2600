import { isConditional, isPriced, type Order, type Trade } from '../../matching/order.ts'
import { formatUnits } from '../../matching/units.ts'
import { priceText, quantityText } from './amounts.ts'

/** An order as queries show it. */
export function orderRow(order: Order): object {
  return {
    ...orderCore(order),
    stopPrice: priceText(order.market.instrument, order.stopTicks),
    icebergQty: '0.00000000',
    time: order.createdAtMs,
    updateTime: order.updatedAtMs,
    isWorking: isWorking(order),
    workingTime: order.workingAtMs,
    origQuoteOrderQty: formatUnits(order.quoteUnits),
    selfTradePreventionMode: order.selfTradePrevention,
  }
}

/** The answer to a new order: as much as `newOrderRespType` asks for. */
export function placedRow(order: Order, trades: readonly Trade[], detail: 'ACK' | 'RESULT' | 'FULL'): object {
  const head = {
    symbol: order.market.instrument.symbol,
    orderId: order.id,
    orderListId: -1,
    clientOrderId: order.clientOrderId,
    transactTime: order.createdAtMs,
  }
  if (detail === 'ACK') return head
  const result = {
    ...orderCore(order),
    ...head,
    origQuoteOrderQty: formatUnits(order.quoteUnits),
    workingTime: order.workingAtMs,
    selfTradePreventionMode: order.selfTradePrevention,
    ...(isConditional(order.type) ? { stopPrice: priceText(order.market.instrument, order.stopTicks) } : {}),
  }
  return detail === 'RESULT' ? result : { ...result, fills: trades.map(fillRow) }
}

/** The answer to a cancel. */
export function cancelledRow(order: Order, nowMs: number, newClientOrderId: string): object {
  return {
    ...orderCore(order),
    origClientOrderId: order.clientOrderId,
    clientOrderId: newClientOrderId,
    transactTime: nowMs,
    origQuoteOrderQty: formatUnits(order.quoteUnits),
    selfTradePreventionMode: order.selfTradePrevention,
  }
}

/** True when the order stands in the book, or did until it ended. */
export function isWorking(order: Order): boolean {
  return order.workingAtMs !== -1
}

function orderCore(order: Order): object {
  const { instrument } = order.market
  return {
    symbol: instrument.symbol,
    orderId: order.id,
    orderListId: -1,
    clientOrderId: order.clientOrderId,
    price: priceText(instrument, order.priceTicks),
    origQty: quantityText(instrument, order.lots),
    executedQty: quantityText(instrument, order.filledLots),
    cummulativeQuoteQty: formatUnits(order.filledQuoteUnits),
    status: order.status,
    timeInForce: isPriced(order.type) ? order.timeInForce : 'GTC',
    type: order.type,
    side: order.side,
  }
}

function fillRow(trade: Trade): object {
  const { instrument } = trade.market
  return {
    price: priceText(instrument, trade.priceTicks),
    qty: quantityText(instrument, trade.lots),
    commission: formatUnits(trade.takerFeeUnits),
    commissionAsset: trade.taker.side === 'BUY' ? instrument.base : instrument.quote,
    tradeId: trade.id,
  }
}
