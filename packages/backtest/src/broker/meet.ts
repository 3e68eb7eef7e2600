import type { Bar } from '../bars/bar.ts'
import { type Market, quoteBar } from './market.ts'
import { type Match, match, matchNow, triggered } from './match.ts'
import type { Order } from './order.ts'
import type { BrokerRules } from './rules.ts'

/** An order that is filled, and the bar and time to which that belongs. */
export interface Meeting extends Match {
  readonly bar: number
  readonly time: number
}

/** An order meets a bar, or the quote of its side where there is one. `expired`: it was for now or never. */
export function meet(
  { fillAt }: BrokerRules,
  market: Market,
  order: Order,
  bar: Bar,
): Meeting | typeof triggered | 'expired' | undefined {
  const isBracket = order.role === 'stop-loss' || order.role === 'take-profit'
  const isAtPrevious = fillAt === 'previous-close' && !isBracket
  const quoted = order.isBuy ? market.ask : market.bid
  const marketPrice = quoted ?? (isAtPrevious ? market.previousClose : bar.open)
  const isNow = order.request.immediateOrCancel === true
  const seen = quoted === undefined ? bar : quoteBar(bar.openTime, quoted)
  const matched = isNow ? matchNow(order, marketPrice) : match(order, seen, marketPrice)
  if (matched === undefined) return isNow ? 'expired' : undefined
  if (matched === triggered) return triggered
  const isPrevious = isAtPrevious && matched.isMarket
  return {
    ...matched,
    bar: isPrevious ? market.barIndex - 1 : market.barIndex,
    time: isPrevious ? market.previousTime : bar.openTime,
  }
}
