import { isOpen, type Order, type Trade } from '../matching/order.ts'
import type { Trader } from '../matching/trader.ts'
import { formatUnits } from '../matching/units.ts'
import { priceText, quantityText } from '../wire/rows/amounts.ts'
import { isWorking } from '../wire/rows/order-row.ts'

/** An order's change as its owner hears of it. */
export function executionReport(order: Order, trade: Trade | undefined, atMs: number): object {
  const { instrument } = order.market
  const isMaker = trade !== undefined && trade.maker === order
  const fee = trade === undefined ? 0n : isMaker ? trade.makerFeeUnits : trade.takerFeeUnits
  return {
    e: 'executionReport',
    E: atMs,
    s: instrument.symbol,
    c: order.status === 'CANCELED' ? `cancel-${order.id}` : order.clientOrderId,
    S: order.side,
    o: order.type,
    f: order.timeInForce,
    q: quantityText(instrument, order.lots),
    p: priceText(instrument, order.priceTicks),
    P: priceText(instrument, order.stopTicks),
    F: '0.00000000',
    g: -1,
    C: order.status === 'CANCELED' ? order.clientOrderId : '',
    x: executionType(order, trade),
    X: order.status,
    r: 'NONE',
    i: order.id,
    l: quantityText(instrument, trade?.lots ?? 0),
    z: quantityText(instrument, order.filledLots),
    L: priceText(instrument, trade?.priceTicks ?? 0),
    n: formatUnits(fee),
    N: trade === undefined ? null : order.side === 'BUY' ? instrument.base : instrument.quote,
    T: order.updatedAtMs,
    t: trade?.id ?? -1,
    I: order.id,
    w: isOpen(order) && isWorking(order),
    m: isMaker,
    M: false,
    O: order.createdAtMs,
    Z: formatUnits(order.filledQuoteUnits),
    Y: formatUnits(trade?.quoteUnits ?? 0n),
    Q: formatUnits(order.quoteUnits),
    W: order.workingAtMs,
    V: order.selfTradePrevention,
  }
}

/** An account's balances of `assets` as they are now. */
export function accountPosition(trader: Trader, assets: Iterable<string>, atMs: number): object {
  return {
    e: 'outboundAccountPosition',
    E: atMs,
    u: atMs,
    B: [...assets].map(asset => {
      const { free, locked } = trader.balance(asset)
      return { a: asset, f: formatUnits(free), l: formatUnits(locked) }
    }),
  }
}

function executionType(order: Order, trade: Trade | undefined): string {
  if (trade !== undefined) return 'TRADE'
  switch (order.status) {
    case 'CANCELED':
      return 'CANCELED'
    case 'EXPIRED':
      return 'EXPIRED'
    case 'EXPIRED_IN_MATCH':
      return 'TRADE_PREVENTION'
    // A market order by quote amount that needs no more.
    case 'FILLED':
      return 'EXPIRED'
    default:
      return 'NEW'
  }
}
