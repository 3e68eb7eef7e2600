import { type Amount, Decimal } from '@org/core'
import type { BookLevel } from '@org/venue-trading/actions'
import { least } from './order-size.ts'

/** How much of a spread pays, and up to which prices. */
export interface Spread {
  /** In units of the base asset. */
  readonly quantity: Decimal
  /** The dearest price that is paid, and the cheapest that is taken. */
  readonly worstBuy: Decimal
  readonly worstSell: Decimal
  /** What is left after the fees of both sides, in the quote asset. */
  readonly edge: Decimal
}

/**
 * Takes level by level from the asks of one venue and the bids of another as long as the next unit pays:
 *
 *     bid × (1 − fee where sold) ≥ ask × (1 + fee where bought) × (1 + netBpsMin / 10,000)
 *
 * @param quantityMax In units of the base asset.
 * @returns `undefined` where nothing pays.
 */
export function walkBooks(input: {
  readonly asks: readonly BookLevel[]
  readonly bids: readonly BookLevel[]
  readonly buyFee: Amount
  readonly sellFee: Amount
  readonly netBpsMin: number
  readonly quantityMax: Decimal
}): Spread | undefined {
  const { asks, bids, netBpsMin, quantityMax } = input
  const costFactor = Decimal.of(input.buyFee).plus(1)
  const proceedsFactor = Decimal.of(1).minus(input.sellFee)
  const margin = Decimal.of(netBpsMin).dividedBy(10_000).plus(1)
  let quantity = Decimal.of(0)
  let edge = Decimal.of(0)
  let worst: { readonly buy: Decimal; readonly sell: Decimal } | undefined
  let [askAt, bidAt] = [0, 0]
  let askLeft = leftAt(asks, 0)
  let bidLeft = leftAt(bids, 0)
  while (askLeft !== undefined && bidLeft !== undefined) {
    const buy = Decimal.of((asks[askAt] as BookLevel)[0])
    const sell = Decimal.of((bids[bidAt] as BookLevel)[0])
    const cost = buy.times(costFactor)
    const proceeds = sell.times(proceedsFactor)
    if (proceeds.compare(cost.times(margin)) < 0) break
    const taken = least(askLeft, bidLeft, quantityMax.minus(quantity))
    if (!taken.isPositive) break
    quantity = quantity.plus(taken)
    edge = edge.plus(proceeds.minus(cost).times(taken))
    worst = { buy, sell }
    askLeft = askLeft.minus(taken)
    bidLeft = bidLeft.minus(taken)
    if (askLeft.isZero) askLeft = leftAt(asks, ++askAt)
    if (bidLeft.isZero) bidLeft = leftAt(bids, ++bidAt)
  }
  return worst === undefined ? undefined : { quantity, worstBuy: worst.buy, worstSell: worst.sell, edge }
}

function leftAt(levels: readonly BookLevel[], index: number): Decimal | undefined {
  const level = levels[index]
  return level === undefined ? undefined : Decimal.of(level[1])
}
