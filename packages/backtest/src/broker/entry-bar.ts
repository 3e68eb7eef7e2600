import type { Bar } from '../bars/bar.ts'
import type { Match } from './match.ts'
import type { Order } from './order.ts'
import type { BrokerRules } from './rules.ts'
import type { Trade } from './trade.ts'

/**
 * May the bracket of a trade close it on the bar that opened it? `both`: stop and target are matched against the whole bar; `stop`: the stop alone,
 * at its level; `none`: they wait for the next bar.
 *
 * @param stop The stop that the entry waited for, if any.
 */
export function bracketOnEntryBar(
  { bracketsOnEntryBar }: BrokerRules,
  { isBuy, limit }: Order,
  trade: Trade,
  { isMarket }: Match,
  stop: number | undefined,
  bar: Bar,
): 'both' | 'stop' | 'none' {
  const { stopOrder, targetOrder, stopLoss, takeProfit } = trade
  if (stopOrder === undefined && targetOrder === undefined) return 'none'
  if (isMarket) return 'both'
  if (bracketsOnEntryBar === 'careful') {
    // The bar's other end may have come before the entry or after it.
    const level = stopOrder?.stop
    return level !== undefined && (isBuy ? bar.low <= level : bar.high >= level) ? 'stop' : 'none'
  }
  if (stop === undefined || limit !== undefined || takeProfit === undefined) return 'none'
  // A stop entry and its target lie on one side: where the bar did not reach the stop loss, it is clear what happened.
  const isClear = isBuy
    ? takeProfit <= bar.high && (stopLoss ?? Number.NEGATIVE_INFINITY) < bar.low
    : takeProfit >= bar.low && (stopLoss ?? Number.POSITIVE_INFINITY) > bar.high
  return isClear ? 'both' : 'none'
}
