import { type Amount, Decimal, type Rationale } from '@org/core'
import type { BookLevel, Side } from '@org/venue-trading/actions'
import type { SpreadArbitrageParams } from './config.ts'
import { atRisk, legIntent, unwindIntent } from './leg.ts'
import { isLargeEnough, least, onSteps } from './order-size.ts'
import { type Move, nothing, type Plan } from './plan.ts'
import type { VenueSide } from './venue-side.ts'

/**
 * What makes up for a leg that did not fill, or not whole: the missing leg is traded where that brings at least as much as taking the other back, which
 * no budget refuses. What was paid before plays no part in it: it is paid either way.
 *
 * @param canHedge Not where a hedge was just refused.
 * @returns `undefined` where both venues hold the same, up to what is too small to trade.
 */
export function planRepair(
  sides: readonly [VenueSide, VenueSide],
  params: SpreadArbitrageParams,
  { canHedge }: { readonly canHedge: boolean },
): Plan | undefined {
  const [a, b] = sides
  const net = a.held.plus(b.held)
  if (net.isZero) return undefined
  // The side that holds more in the direction of the difference is the one that filled.
  const [filled, missing] = a.held.compare(b.held) > 0 === net.isPositive ? [a, b] : [b, a]
  const hedge = canHedge ? hedgeAt(missing, net, params) : undefined
  const unwind = unwindAt(filled, net)
  if (hedge === undefined) return unwind?.move ?? tooSmallOr(filled, net)
  if (unwind === undefined) return isWithinReserve(hedge, filled, net, params) ? hedge.move : tooSmallOr(filled, net)
  const isHedgeBetter = net.isPositive
    ? hedge.perUnit.compare(unwind.perUnit) >= 0
    : hedge.perUnit.compare(unwind.perUnit) <= 0
  return isHedgeBetter ? hedge.move : unwind.move
}

/**
 * The same while the other venue cannot be reached, and certainly holds `heldElsewhere`: what was filled here is taken back.
 *
 * @returns `undefined` where there is nothing to make up for, or nothing that could be done here.
 */
export function planRepairAlone(side: VenueSide, heldElsewhere: Decimal): Plan | undefined {
  const net = side.held.plus(heldElsewhere)
  return net.isZero ? undefined : (unwindAt(side, net)?.move ?? tooSmallOr(side, net))
}

interface Repair {
  readonly move: Move
  /** What a unit brings where it is sold, or costs where it is bought, after fees, in the quote asset. */
  readonly perUnit: Decimal
}

function hedgeAt(at: VenueSide, net: Decimal, params: SpreadArbitrageParams): Repair | undefined {
  const side = sideOf(net)
  const { takerFee, canShort, isTrading } = at.instrument
  const [best] = levelsOf(at, side)
  if (best === undefined || !isTrading) return undefined
  const costFactor = Decimal.of(1).plus(takerFee)
  const payable =
    side === 'sell' ? (canShort ? net.abs() : at.freeBase) : at.freeQuote.dividedBy(costFactor.times(best[0]))
  const met = meet(levelsOf(at, side), least(net.abs(), payable))
  const quantity = onSteps(met.quantity, [at])
  if (met.worst === undefined || !isLargeEnough(quantity, met.worst, at)) return undefined
  if (side === 'buy' && quantity.times(met.worst).times(costFactor).compare(at.freeQuote) > 0) return undefined
  const rationale = repairing('hedge', `${side}s the missing ${quantity.text} at ${at.venueId}`, net)
  const legs = [legIntent({ at, side, quantity, worst: met.worst, params, rationale })]
  return {
    move: { kind: 'hedge', intents: legs, edge: 0, atRisk: atRisk(legs), asOf: at.bookAt, rationale },
    perUnit: afterFee(met.value.dividedBy(met.quantity), takerFee, side),
  }
}

function unwindAt(at: VenueSide, net: Decimal): Repair | undefined {
  if (at.held.isZero || at.held.isPositive !== net.isPositive) return undefined
  const side = sideOf(net)
  const met = meet(levelsOf(at, side), least(net.abs(), at.held.abs()))
  const quantity = onSteps(met.quantity, [at])
  if (met.worst === undefined || !isLargeEnough(quantity, met.worst, at)) return undefined
  const rationale = repairing('unwind', `takes ${quantity.text} back at ${at.venueId}`, net)
  return {
    move: {
      kind: 'unwind',
      intents: [unwindIntent({ at, side, quantity, worst: met.worst, rationale })],
      edge: 0,
      atRisk: 0,
      asOf: at.bookAt,
      rationale,
    },
    perUnit: afterFee(met.value.dividedBy(met.quantity), at.instrument.takerFee, side),
  }
}

/** Where nothing can be taken back, a hedge may cost as much as the leg had reserved for that. */
function isWithinReserve({ perUnit }: Repair, filled: VenueSide, net: Decimal, params: SpreadArbitrageParams): boolean {
  const away = filled.averagePrice.times(params.unwindSlippage)
  return net.isPositive
    ? perUnit.compare(filled.averagePrice.minus(away)) >= 0
    : perUnit.compare(filled.averagePrice.plus(away)) <= 0
}

/** Too small to trade is as good as nothing; else somebody has to quote first. */
function tooSmallOr(filled: VenueSide, net: Decimal): Plan | undefined {
  const isTradable = isLargeEnough(onSteps(net.abs(), [filled]), filled.averagePrice, filled)
  return isTradable ? nothing('one-leg-cannot-be-made-up') : undefined
}

/** The direction in which the difference goes away. */
function sideOf(net: Decimal): Side {
  return net.isPositive ? 'sell' : 'buy'
}

function levelsOf({ book }: VenueSide, side: Side): readonly BookLevel[] {
  return side === 'sell' ? book.bids : book.asks
}

/** What an order of `quantity` meets in a book. */
function meet(levels: readonly BookLevel[], quantity: Decimal) {
  let left = quantity
  let value = Decimal.of(0)
  let worst: Decimal | undefined
  for (const [price, there] of levels) {
    if (!left.isPositive) break
    const taken = least(left, Decimal.of(there))
    value = value.plus(taken.times(price))
    left = left.minus(taken)
    worst = Decimal.of(price)
  }
  return { quantity: quantity.minus(left), value, worst }
}

function afterFee(price: Decimal, fee: Amount, side: Side): Decimal {
  const one = Decimal.of(1)
  return price.times(side === 'sell' ? one.minus(fee) : one.plus(fee))
}

function repairing(kind: 'hedge' | 'unwind', summary: string, net: Decimal): Rationale {
  return { reason: `one-leg-${kind}`, summary, inputs: { difference: net.text } }
}
