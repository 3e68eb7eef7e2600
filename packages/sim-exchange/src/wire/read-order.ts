import { isConditional, isPriced, type NewOrder, type OrderType } from '../matching/order.ts'
import { listingOf, type SignedCall } from './call.ts'
import { checkDistance, checkNotional, checkOpenOrders, lotsOf, ticksOf } from './order-filters.ts'
import { refusals, WireError } from './wire-error.ts'

const types: readonly OrderType[] = [
  'LIMIT',
  'MARKET',
  'LIMIT_MAKER',
  'STOP_LOSS',
  'STOP_LOSS_LIMIT',
  'TAKE_PROFIT',
  'TAKE_PROFIT_LIMIT',
]
const clientIdPattern = /^[a-zA-Z0-9\-_.:/]{1,36}$/

/** A new order from a request's parameters, checked as the exchange does: parameters, then filters. */
export function readOrder(call: SignedCall): NewOrder {
  const { params, exchange, key } = call
  const listing = listingOf(call)
  const { market } = listing
  const { instrument } = market
  const side = params.requiredChoice('side', ['BUY', 'SELL'], new WireError(-1117, 'Invalid side.'))
  const type = params.requiredChoice('type', types, new WireError(-1116, 'Invalid orderType.'))
  const timeInForce = params.choice('timeInForce', ['GTC', 'IOC', 'FOK'], new WireError(-1115, 'Invalid timeInForce.'))
  const selfTradePrevention = params.choice(
    'selfTradePreventionMode',
    ['EXPIRE_MAKER', 'EXPIRE_TAKER', 'EXPIRE_BOTH'],
    new WireError(-1013, 'This symbol does not allow the specified self-trade prevention mode.'),
  )
  const quantity = params.units('quantity')
  const quote = params.units('quoteOrderQty')
  const price = params.units('price')
  const clientOrderId = params.optional('newClientOrderId') ?? exchange.nextClientOrderId()
  if (!clientIdPattern.test(clientOrderId)) throw refusals.illegal('newClientOrderId', '^[a-zA-Z0-9-_]{1,36}$')

  const isLimited = isPriced(type)
  const needsTimeInForce = isLimited && type !== 'LIMIT_MAKER'
  if (needsTimeInForce && timeInForce === undefined) throw refusals.missing('timeInForce')
  if (!needsTimeInForce && timeInForce !== undefined) throw refusals.notRequired('timeInForce')
  if (!isLimited && price !== undefined) throw refusals.notRequired('price')
  if (type === 'MARKET' ? quantity === undefined && quote === undefined : quantity === undefined)
    throw refusals.missing('quantity')
  if (quote !== undefined && (type !== 'MARKET' || quantity !== undefined)) throw refusals.notRequired('quoteOrderQty')
  if (!isConditional(type) && params.optional('stopPrice') !== undefined) throw refusals.notRequired('stopPrice')
  if (!listing.isTrading) throw refusals.marketClosed()

  const priceTicks = isLimited ? ticksOf(instrument, params.requiredUnits('price')) : 0
  const stopTicks = isConditional(type) ? ticksOf(instrument, params.requiredUnits('stopPrice')) : 0
  if (isLimited) checkDistance(market, priceTicks)
  const lots = quantity === undefined ? 0 : lotsOf(instrument, quantity)
  if (quote === 0n) throw refusals.illegal('quoteOrderQty', 'a positive amount')
  checkNotional(market, { priceTicks: isLimited ? priceTicks : stopTicks, lots, quoteUnits: quote ?? 0n })
  checkOpenOrders(key.trader, market)
  return {
    trader: key.trader,
    market,
    side,
    type,
    priceTicks,
    lots,
    stopTicks,
    clientOrderId,
    nowMs: Math.floor(exchange.nowMs),
    timeInForce: timeInForce ?? 'GTC',
    ...(quote === undefined ? {} : { quoteUnits: quote }),
    ...(selfTradePrevention === undefined ? {} : { selfTradePrevention }),
  }
}
