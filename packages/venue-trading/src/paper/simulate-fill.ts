import { Decimal } from '@org/core'
import type { DecimalText } from '../actions/decimal-text.ts'
import type { Side } from '../actions/order-actions.ts'
import type { BookLevel, Ticker } from '../actions/views.ts'

/** An order as matching sees it. */
export interface SimulatedOrder {
  readonly side: Side
  readonly quantity: DecimalText
  /** The limit; absent: at the market. */
  readonly price?: DecimalText | undefined
  /** @default 'GTC' */
  readonly timeInForce?: 'GTC' | 'IOC' | 'FOK' | undefined
  readonly postOnly?: boolean | undefined
}

/** A piece of an order that was filled at one price. */
export interface SimulatedFill {
  readonly price: DecimalText
  readonly quantity: DecimalText
  readonly isMaker: boolean
}

export interface SimulatedMatch {
  readonly fills: readonly SimulatedFill[]
  /** What happens to the rest: nothing is left, it rests in the book, it expires; or the whole order is refused because it must not take. */
  readonly rest: 'none' | 'rests' | 'expires' | 'refused'
}

/**
 * What becomes of an order that meets a book: it takes the levels of the other side, best first, as far as its limit and quantity go, in as many
 * fills as it takes levels. Nobody answers: the book is as it was for the next order.
 *
 * @example
 * simulateFill({ side: 'buy', quantity: '3' }, { bids: [], asks: [['100', '1'], ['101', '5']] })
 * // fills 1 at 100 and 2 at 101, as a taker
 */
export function simulateFill(
  order: SimulatedOrder,
  book: { readonly bids: readonly BookLevel[]; readonly asks: readonly BookLevel[] },
): SimulatedMatch {
  const { side, price, timeInForce = price === undefined ? 'IOC' : 'GTC', postOnly = false } = order
  const levels = side === 'buy' ? book.asks : book.bids
  const best = levels[0]?.[0]
  if (postOnly) return { fills: [], rest: best !== undefined && isWithin(side, best, price) ? 'refused' : 'rests' }

  const fills: SimulatedFill[] = []
  let left = Decimal.of(order.quantity)
  for (const [levelPrice, levelQuantity] of levels) {
    if (!left.isPositive || !isWithin(side, levelPrice, price)) break
    const taken = left.compare(levelQuantity) <= 0 ? left.text : levelQuantity
    left = left.minus(taken)
    fills.push({ price: levelPrice, quantity: taken, isMaker: false })
  }
  if (left.isZero) return { fills, rest: 'none' }
  if (timeInForce === 'FOK') return { fills: [], rest: 'expires' }
  return { fills, rest: timeInForce === 'GTC' && price !== undefined ? 'rests' : 'expires' }
}

/**
 * What becomes of an order that rests when the best prices change: it is filled at its own price, as a maker, as soon as the other side reaches it
 * and as far as the quantity there goes. There is no queue: orders that rest at the same price are not in its way, so that fills at the
 * very price of the order come earlier than at a real exchange.
 */
export function restingFill(
  order: { readonly side: Side; readonly left: DecimalText; readonly price: DecimalText },
  ticker: Pick<Ticker, 'bid' | 'bidQuantity' | 'ask' | 'askQuantity'>,
): SimulatedFill | undefined {
  const { side, left, price } = order
  const [reached, there] = side === 'buy' ? [ticker.ask, ticker.askQuantity] : [ticker.bid, ticker.bidQuantity]
  if (reached === undefined || !isWithin(side, reached, price)) return undefined
  const quantity = there === undefined || Decimal.of(left).compare(there) <= 0 ? left : there
  return Decimal.of(quantity).isPositive ? { price, quantity, isMaker: true } : undefined
}

/** A stop that sells fires when the bid is at its price or below, one that buys when the ask is there or above. */
export function isTriggered(side: Side, stopPrice: DecimalText, { bid, ask }: Pick<Ticker, 'bid' | 'ask'>): boolean {
  if (side === 'sell') return bid !== undefined && Decimal.of(bid).compare(stopPrice) <= 0
  return ask !== undefined && Decimal.of(ask).compare(stopPrice) >= 0
}

function isWithin(side: Side, levelPrice: DecimalText, limit: DecimalText | undefined): boolean {
  if (limit === undefined) return true
  const difference = Decimal.of(levelPrice).compare(limit)
  return side === 'buy' ? difference <= 0 : difference >= 0
}
