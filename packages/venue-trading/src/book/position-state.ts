import { Decimal } from '@org/core'
import type { DecimalText } from '../actions/decimal-text.ts'
import type { Side } from '../actions/order-actions.ts'
import { assetsOf } from './symbol-assets.ts'

const zero = Decimal.of('0')

/** What one strategy holds of one symbol. Exact; rounding happens where budgets are told. */
export interface PositionState {
  /** In the base asset; negative: short. */
  readonly quantity: Decimal
  /** What the quantity was paid with, in the quote asset, with its sign; fees not included. */
  readonly cost: Decimal
  /** In the base currency, since ever, after all fees. */
  readonly realised: Decimal
  readonly stopPrice: DecimalText | undefined
  readonly openedAt: number | undefined
  /** In the base currency: what went into the position since it was opened, and what it has brought since. */
  readonly entered: Decimal
  readonly broughtIn: Decimal
}

export const flatPosition: PositionState = {
  quantity: zero,
  cost: zero,
  realised: zero,
  stopPrice: undefined,
  openedAt: undefined,
  entered: zero,
  broughtIn: zero,
}

/** A fill with what it takes to apply it: rates, and what its order was for. */
export interface RatedFill {
  readonly tradeId: string
  readonly symbol: string
  readonly side: Side
  readonly price: DecimalText
  readonly quantity: DecimalText
  readonly fee: DecimalText
  readonly feeAsset: string
  readonly at: number
  readonly quoteRate: DecimalText
  readonly feeRate: DecimalText
  readonly stopPrice: DecimalText | undefined
  readonly isStop: boolean
}

/** A position that came to zero. */
export interface ClosedState {
  readonly ratio: DecimalText
  readonly isStop: boolean
  readonly side: 'long' | 'short'
  readonly at: number
}

/**
 * The position after a fill, by average cost: what is taken off takes its share of the cost with it, and the rest keeps its average. When nothing
 * is left, all of the cost is gone, so that the realised result is the cash flow, to the last digit.
 *
 * A fee in the base asset of what was bought makes the position that much smaller.
 */
export function positionAfter(
  position: PositionState,
  fill: RatedFill,
): { readonly position: PositionState; readonly closed: ClosedState | undefined } {
  const signed = fill.side === 'buy' ? Decimal.of(fill.quantity) : Decimal.of(fill.quantity).negated()
  const isAdding = position.quantity.isZero || position.quantity.isPositive === signed.isPositive
  if (isAdding) return { position: withFee(added(position, signed, fill), fill), closed: undefined }

  const left = signed.abs().minus(position.quantity.abs())
  const off = left.isPositive ? position.quantity.negated() : signed
  const reduced = withFee(takenOff(position, off, fill), fill)
  if (!reduced.quantity.isZero) return { position: reduced, closed: undefined }

  const closed: ClosedState = {
    ratio: ratioOf(reduced),
    isStop: fill.isStop,
    side: position.quantity.isPositive ? 'long' : 'short',
    at: fill.at,
  }
  const flat: PositionState = { ...flatPosition, realised: reduced.realised }
  if (!left.isPositive) return { position: flat, closed }
  return { position: added(flat, signed.minus(off), fill), closed }
}

/**
 * What is left once a fee was taken in the base asset can be too small to sell. A fill more than this many times as large opens a position of its own: the
 * stop and the time of the rest say nothing of it.
 */
const timesTheRest = 50

function added(position: PositionState, signed: Decimal, fill: RatedFill): PositionState {
  const value = signed.times(fill.price)
  const isNew = position.quantity.abs().times(timesTheRest).compare(signed.abs()) < 0
  const entered = isNew ? position.cost.abs().times(fill.quoteRate) : position.entered
  return {
    quantity: position.quantity.plus(signed),
    cost: position.cost.plus(value),
    realised: position.realised,
    stopPrice: isNew ? fill.stopPrice : worseStop(fill.side, position.stopPrice, fill.stopPrice),
    openedAt: isNew ? fill.at : position.openedAt,
    entered: entered.plus(value.abs().times(fill.quoteRate)),
    broughtIn: isNew ? zero : position.broughtIn,
  }
}

/** @param off Signed against the position, at most as much as it holds. */
function takenOff(position: PositionState, off: Decimal, fill: RatedFill): PositionState {
  const quantity = position.quantity.plus(off)
  const costOff = quantity.isZero ? position.cost : shareOfCost(position, off.negated())
  const result = off.negated().times(fill.price).minus(costOff).times(fill.quoteRate)
  return {
    ...position,
    quantity,
    cost: position.cost.minus(costOff),
    realised: position.realised.plus(result),
    broughtIn: position.broughtIn.plus(result),
  }
}

function withFee(position: PositionState, fill: RatedFill): PositionState {
  const fee = Decimal.of(fill.fee)
  if (fee.isZero) return position
  const isOffTheBought =
    fill.side === 'buy' &&
    fill.feeAsset === assetsOf(fill.symbol).base &&
    fee.isPositive &&
    position.quantity.compare(fee) > 0
  const costOff = isOffTheBought ? shareOfCost(position, fee) : zero
  const lost = isOffTheBought ? costOff.times(fill.quoteRate) : fee.times(fill.feeRate)
  return {
    ...position,
    quantity: isOffTheBought ? position.quantity.minus(fee) : position.quantity,
    cost: position.cost.minus(costOff),
    realised: position.realised.minus(lost),
    broughtIn: position.broughtIn.minus(lost),
  }
}

/** Cut to 18 places; what was cut stays in the cost and is realised with the last part. */
function shareOfCost({ cost, quantity }: PositionState, part: Decimal): Decimal {
  return cost.times(part).dividedBy(quantity)
}

/** Of two stops the one that loses more; no stop loses most. */
function worseStop(side: Side, a: DecimalText | undefined, b: DecimalText | undefined): DecimalText | undefined {
  if (a === undefined || b === undefined) return undefined
  const isLower = Decimal.of(a).compare(b) < 0
  return isLower === (side === 'buy') ? a : b
}

/** Rounded down, gains and losses alike. */
function ratioOf({ broughtIn, entered }: PositionState): DecimalText {
  if (entered.isZero) return '0'
  const ratio = broughtIn.dividedBy(entered, 12)
  return ratio.toPlaces(6, broughtIn.isPositive ? 'trunc' : 'up').text
}
