import { quoteUnits } from './instrument.ts'
import { isPriced, type NewOrder } from './order.ts'

/**
 * What an order would trade at once against the book as it stands: lots, and their quote amount. Own orders are left out or end the walk, as
 * the order's self-trade prevention has it.
 */
export function fillable(
  order: Pick<NewOrder, 'trader' | 'market' | 'side' | 'type' | 'priceTicks' | 'lots' | 'selfTradePrevention'> & {
    readonly quoteUnits?: bigint
  },
): { readonly lots: number; readonly quoteUnits: bigint } {
  const { instrument } = order.market
  const opposite = order.side === 'BUY' ? order.market.asks : order.market.bids
  let lots = 0
  let quote = 0n
  for (let i = opposite.levels.length - 1; i >= 0; i--) {
    const level = opposite.levels[i]
    if (level === undefined || (isPriced(order.type) && !opposite.isWithin(level.ticks, order.priceTicks))) break
    for (let maker = level.head; maker !== undefined; maker = maker.next) {
      if (maker.trader === order.trader) {
        if (order.selfTradePrevention === 'EXPIRE_TAKER' || order.selfTradePrevention === 'EXPIRE_BOTH')
          return { lots, quoteUnits: quote }
        continue
      }
      const wanted =
        order.lots > 0
          ? order.lots - lots
          : Number(((order.quoteUnits ?? 0n) - quote) / quoteUnits(instrument, level.ticks, 1))
      const taken = Math.min(wanted, maker.lots - maker.filledLots)
      if (taken === 0) return { lots, quoteUnits: quote }
      lots += taken
      quote += quoteUnits(instrument, level.ticks, taken)
    }
  }
  return { lots, quoteUnits: quote }
}
