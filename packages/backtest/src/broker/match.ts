import type { Bar } from '../bars/bar.ts'

/** What decides whether and where an order is filled within a bar. */
export interface Matchable {
  readonly isBuy: boolean
  readonly limit: number | undefined
  readonly stop: number | undefined
}

export interface Match {
  readonly price: number
  /** Neither a limit nor a stop decided the price. */
  readonly isMarket: boolean
  /** It rested at its limit. */
  readonly isMaker: boolean
}

/** The stop was hit, but what it became is not filled yet. */
export const triggered = 'triggered'

/**
 * Where an order is filled in a bar of which only four prices are known:
 *
 * - at the market: at `marketPrice`;
 * - stop: hit when the bar reaches it, filled there or, if the bar opened beyond, at `marketPrice`; never better than the stop;
 * - limit: filled when the bar reaches it, there or better at the open;
 * - stop with limit: first the stop. When the limit is on the near side of the stop and both lie in the bar, nobody knows which came first: not
 *   filled in this bar.
 */
export function match(order: Matchable, bar: Bar, marketPrice: number): Match | typeof triggered | undefined {
  const { isBuy, limit, stop } = order
  if (stop !== undefined && !(isBuy ? bar.high >= stop : bar.low <= stop)) return undefined
  if (limit === undefined) {
    if (stop === undefined) return { price: marketPrice, isMarket: true, isMaker: false }
    const price = isBuy ? Math.max(marketPrice, stop) : Math.min(marketPrice, stop)
    return { price, isMarket: false, isMaker: false }
  }
  const isReached = isBuy ? bar.low <= limit : bar.high >= limit
  const isAmbiguous = stop !== undefined && (isBuy ? limit <= stop : limit >= stop)
  if (!isReached || isAmbiguous) return stop === undefined ? undefined : triggered
  const from = stop ?? bar.open
  const price = isBuy ? Math.min(from, limit) : Math.max(from, limit)
  return { price, isMarket: false, isMaker: stop === undefined && price === limit }
}

/** At the market, no worse than the limit; or not at all. */
export function matchNow({ isBuy, limit }: Matchable, marketPrice: number): Match | undefined {
  const isGood = limit === undefined || (isBuy ? marketPrice <= limit : marketPrice >= limit)
  return isGood ? { price: marketPrice, isMarket: true, isMaker: false } : undefined
}
