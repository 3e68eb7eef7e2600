import type { Order, Trade } from '../../matching/order.ts'
import { formatUnits } from '../../matching/units.ts'
import { priceText, quantityText } from './amounts.ts'

/** A trade as everybody sees it. */
export function publicTradeRow(trade: Trade): object {
  const { instrument } = trade.market
  return {
    id: trade.id,
    price: priceText(instrument, trade.priceTicks),
    qty: quantityText(instrument, trade.lots),
    quoteQty: formatUnits(trade.quoteUnits),
    time: trade.atMs,
    isBuyerMaker: trade.maker.side === 'BUY',
    isBestMatch: true,
  }
}

/** A trade as the account behind `order`, one of its two sides, sees it. */
export function ownTradeRow(trade: Trade, order: Order): object {
  const { instrument } = trade.market
  const isMaker = order === trade.maker
  return {
    symbol: instrument.symbol,
    id: trade.id,
    orderId: order.id,
    orderListId: -1,
    price: priceText(instrument, trade.priceTicks),
    qty: quantityText(instrument, trade.lots),
    quoteQty: formatUnits(trade.quoteUnits),
    commission: formatUnits(isMaker ? trade.makerFeeUnits : trade.takerFeeUnits),
    commissionAsset: order.side === 'BUY' ? instrument.base : instrument.quote,
    time: trade.atMs,
    isBuyer: order.side === 'BUY',
    isMaker,
    isBestMatch: true,
  }
}
