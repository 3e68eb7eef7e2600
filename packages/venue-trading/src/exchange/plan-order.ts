import type { CallOptions, Intent } from '@org/core'
import {
  type ClosePositionParams,
  closePositionSchema,
  type PlaceOrderParams,
  placeOrderSchema,
  type Side,
} from '../actions/order-actions.ts'
import type { Instrument } from '../actions/views.ts'
import type { NewOrder } from '../book/book-order.ts'
import type { CcxtParams } from './ccxt-exchange.ts'
import { checkOrder } from './check-order.ts'
import { ExchangeError } from './exchange-error.ts'
import type { ExchangeHands } from './hands.ts'
import { readParams } from './read-params.ts'

/** An order as it leaves. */
export interface WireOrder {
  readonly type: 'limit' | 'market'
  readonly side: Side
  readonly quantity: string
  readonly price?: string | undefined
  readonly triggerPrice?: string | undefined
  readonly params: CcxtParams
}

/** What an intent comes to, checked by its instrument. */
export interface OrderPlan {
  readonly instrument: Instrument
  readonly wire: WireOrder
  readonly terms: Pick<NewOrder, 'isClosing' | 'quoteRate' | 'stopPrice' | 'isStop'>
}

/** @throws {AutomationError} `effect: 'none'`, as {@link checkOrder} says, or for params that do not fit. */
export function planOf(hands: ExchangeHands, intent: Intent, options: CallOptions): Promise<OrderPlan> {
  return intent.action === 'close-position'
    ? planClose(hands, readParams(intent, closePositionSchema), options)
    : planPlace(hands, readParams(intent, placeOrderSchema), options)
}

async function planPlace(hands: ExchangeHands, order: PlaceOrderParams, options: CallOptions): Promise<OrderPlan> {
  const { side, quantity, postOnly, timeInForce, stopPrice } = order
  const instrument = await hands.instruments.get(order.symbol, options)
  const isAtMarket = order.price === undefined
  const draft = { side, quantity, price: order.price ?? order.worstPrice }
  const { price } = checkOrder(hands.client.exchange.id, instrument, draft)
  if (side === 'sell' && instrument.canShort && stopPrice === undefined)
    throw new ExchangeError({
      code: 'ORDER_REFUSED',
      message: `${hands.venueId} ${order.symbol}: a short position without a stop could lose without end; say a stopPrice; nothing was sent`,
    })
  // At the market up to a price: what does not fill at once is not wanted.
  const force = isAtMarket && price !== undefined && timeInForce !== 'FOK' ? 'IOC' : timeInForce
  const params = {
    ...(postOnly === true ? { postOnly: true } : {}),
    ...(force === undefined || postOnly === true || price === undefined ? {} : { timeInForce: force }),
  }
  const quoteRate = await hands.rates.now(instrument.quoteAsset)
  return {
    instrument,
    wire: { type: price === undefined ? 'market' : 'limit', side, quantity, price, params },
    terms: { isClosing: false, quoteRate, stopPrice },
  }
}

async function planClose(hands: ExchangeHands, order: ClosePositionParams, options: CallOptions): Promise<OrderPlan> {
  const { side, quantity } = order
  const instrument = await hands.instruments.get(order.symbol, options)
  const draft = { side, quantity, price: order.price, triggerPrice: order.stopPrice }
  const { price, triggerPrice } = checkOrder(hands.client.exchange.id, instrument, draft)
  const params = {
    ...(triggerPrice === undefined ? {} : { stopLossPrice: triggerPrice }),
    ...(instrument.canShort ? { reduceOnly: true } : {}),
  }
  // A close needs no rate to be sized: it passes when none is known.
  const quoteRate = await hands.rates.orNewest(instrument.quoteAsset, '1')
  const isStop = order.isStop ?? order.stopPrice !== undefined
  return {
    instrument,
    wire: { type: price === undefined ? 'market' : 'limit', side, quantity, price, triggerPrice, params },
    terms: { isClosing: true, quoteRate, stopPrice: triggerPrice, isStop },
  }
}
