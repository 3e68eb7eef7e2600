import { Decimal, type Holding } from '@org/core'
import { assetsOf } from '../book/symbol-assets.ts'
import type { Mismatch } from './account-watch.ts'
import type { ExchangeHands } from './hands.ts'

/**
 * Positions and open orders, with what they have at stake in the base currency; and balances that nothing explains.
 *
 * @param marks Newest prices by symbol; without one a position counts at what it cost.
 */
export async function accountHoldings(
  { book, rates }: Pick<ExchangeHands, 'book' | 'rates'>,
  marks: ReadonlyMap<string, string>,
  mismatches: readonly Mismatch[],
): Promise<readonly Holding[]> {
  const holdings: Holding[] = []
  for (const { strategyId, symbol, quantity, averagePrice } of book.positions()) {
    const price = marks.get(symbol) ?? averagePrice
    const rate = await rates.orNewest(assetsOf(symbol).quote, '1')
    holdings.push({
      asset: symbol,
      kind: 'position',
      quantity: Number(quantity),
      exposure: Number(Decimal.of(quantity).abs().times(price).times(rate).text),
      costPerHour: 0,
      description: `${strategyId}: ${quantity} at ${averagePrice}`,
    })
  }
  for (const order of book.openOrders()) {
    const left = Decimal.of(order.quantity).minus(order.filled)
    const atStake = order.isClosing ? '0' : left.times(order.worstPrice).times(order.quoteRate).text
    holdings.push({
      asset: order.symbol,
      kind: 'order',
      quantity: Number(left.text),
      exposure: Number(atStake),
      costPerHour: 0,
      description: `${order.strategyId}: ${order.side} ${left.text} at ${order.worstPrice}${order.isClosing ? ', closing' : ''}`,
    })
  }
  for (const { asset, expected, actual } of mismatches)
    holdings.push({
      asset,
      kind: 'mismatch',
      quantity: Number(Decimal.of(actual).minus(expected).text),
      exposure: 0,
      costPerHour: 0,
      description: `the account has ${actual} where ${expected} were expected; new risk in it stops until it is resolved`,
    })
  return holdings
}
