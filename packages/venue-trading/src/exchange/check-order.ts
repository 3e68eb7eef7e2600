import { Decimal, type DecimalRounding } from '@org/core'
import type { Side } from '../actions/order-actions.ts'
import type { Instrument } from '../actions/views.ts'
import { ExchangeError } from './exchange-error.ts'

/** An order before it is sent. */
export interface OrderDraft {
  readonly side: Side
  readonly quantity: string
  /** The limit, or the worst price of an order at the market; absent: any price. */
  readonly price?: string | undefined
  /** A stop's trigger. */
  readonly triggerPrice?: string | undefined
}

/**
 * The order as the exchange will take it: prices are moved to a tick that is never worse (a limit to buy down, to sell up; a trigger so that it
 * fires no later). Quantities are never changed.
 *
 * @throws {ExchangeError} `MARKET_CLOSED`, `ORDER_PRECISION` with the nearest quantities that would do, `ORDER_TOO_SMALL`; nothing was sent.
 */
export function checkOrder<Draft extends OrderDraft>(exchange: string, instrument: Instrument, order: Draft): Draft {
  const { symbol, priceStep, quantityStep, quantityMin, notionalMin, quoteAsset, baseAsset } = instrument
  const refuse = (code: 'MARKET_CLOSED' | 'ORDER_PRECISION' | 'ORDER_TOO_SMALL', message: string) =>
    new ExchangeError({ code, message: `${exchange} ${symbol}: ${message}; nothing was sent`, details: { symbol } })
  if (!instrument.isTrading) throw refuse('MARKET_CLOSED', 'the market is closed; wait until it trades again')

  const quantity = Decimal.of(order.quantity)
  if (!quantity.modulo(quantityStep).isZero) {
    const below = quantity.toStep(quantityStep)
    const near = [below, below.plus(quantityStep)].filter(each => each.compare(quantityMin) >= 0)
    throw refuse(
      'ORDER_PRECISION',
      `quantity ${order.quantity} is not a multiple of ${quantityStep} ${baseAsset}: ${near.map(each => each.text).join(' or ')} would do`,
    )
  }
  if (quantity.compare(quantityMin) < 0)
    throw refuse('ORDER_TOO_SMALL', `quantity ${order.quantity} is below the minimum of ${quantityMin} ${baseAsset}`)

  const onTick = (text: string | undefined, rounding: DecimalRounding): string | undefined => {
    if (text === undefined) return undefined
    const rounded = Decimal.of(text).toStep(priceStep, rounding)
    if (rounded.isZero) throw refuse('ORDER_PRECISION', `price ${text} is below one tick of ${priceStep} ${quoteAsset}`)
    return rounded.text
  }
  const price = onTick(order.price, betterFor(order.side))
  const triggerPrice = onTick(order.triggerPrice, soonerFor(order.side))
  const perUnit = price ?? triggerPrice
  if (perUnit !== undefined && quantity.times(perUnit).compare(notionalMin) < 0) {
    const notional = quantity.times(perUnit).text
    throw refuse('ORDER_TOO_SMALL', `a notional of ${notional} is below the minimum of ${notionalMin} ${quoteAsset}`)
  }
  return {
    ...order,
    ...(price === undefined ? {} : { price }),
    ...(triggerPrice === undefined ? {} : { triggerPrice }),
  }
}

function betterFor(side: Side): DecimalRounding {
  return side === 'buy' ? 'trunc' : 'up'
}

/** A stop that sells fires as the price falls, one that buys as it rises. */
function soonerFor(side: Side): DecimalRounding {
  return side === 'sell' ? 'up' : 'trunc'
}
