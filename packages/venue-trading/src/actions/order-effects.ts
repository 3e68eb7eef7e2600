import { type Amount, Decimal, type Effect } from '@org/core'
import type { DecimalText } from './decimal-text.ts'
import type { Side } from './order-actions.ts'

/** An order, as far as its worst case depends on it. */
export interface OrderRisk {
  readonly side: Side
  readonly quantity: DecimalText
  /** The price that is paid at worst: the limit, or `worstPrice` of an order at the market. */
  readonly price: DecimalText
  /** Absent: all of it can be lost. */
  readonly stopPrice?: DecimalText | undefined
  /** Of entry and exit together, as a share of the notional: 0.002 for 0.1 % each way. */
  readonly feesRatio: Amount
  /** What one unit of the quote asset is worth in the budget's base currency. @default 1 */
  readonly quoteRate?: Amount
}

/** The ledger's smallest unit: 1e-6 of the base currency. */
const microPlaces = 6

/**
 * The most that an order can take from budgets:
 *
 *     notional  = quantity × price
 *     loss      = quantity × |price − stopPrice| + notional × feesRatio      (without a stop: notional × (1 + feesRatio))
 *     exposure  = notional
 *     open-loss = loss                                                       (until the position is closed)
 *     position  = quantity, in units of the base asset
 *
 * all in the budget's base currency but the position, rounded up. A stop on the wrong side of the price counts as none. Selling what one does not
 * have can lose more than its notional: the venue refuses to open a short without a stop.
 *
 * @throws InvalidInputError `INVALID_DECIMAL` for text that is no number.
 * @example
 * orderEffects({ side: 'buy', quantity: '0.1', price: '60000', stopPrice: '59000', feesRatio: '0.002' })
 * // loss 112: 0.1 × 1,000 to the stop, and 12 for fees
 */
export function orderEffects(order: OrderRisk): readonly Effect[] {
  const { side, quantity, price, stopPrice, feesRatio, quoteRate = 1 } = order
  const notional = Decimal.of(quantity).times(price).times(quoteRate)
  const fees = notional.times(feesRatio)
  const loss = distanceToStop(side, quantity, price, stopPrice)?.times(quoteRate).plus(fees) ?? notional.plus(fees)
  const up = (value: Decimal) => value.toPlaces(microPlaces, 'up').text
  return [
    { measure: 'loss', amount: up(loss) },
    { measure: 'open-loss', amount: up(loss) },
    { measure: 'exposure', amount: up(notional) },
    { measure: 'notional', amount: up(notional) },
    { measure: 'position', amount: up(Decimal.of(quantity)) },
  ]
}

/** In the quote asset; `undefined` where there is no stop on the losing side. */
function distanceToStop(side: Side, quantity: string, price: string, stopPrice: string | undefined) {
  if (stopPrice === undefined) return undefined
  const perUnit = side === 'buy' ? Decimal.of(price).minus(stopPrice) : Decimal.of(stopPrice).minus(price)
  return perUnit.isPositive || perUnit.isZero ? perUnit.times(quantity) : undefined
}
