import { Decimal, type Rationale } from '@org/core'
import type { BookLevel } from '@org/venue-trading/actions'
import type { SpreadArbitrageParams } from './config.ts'
import { atRisk, legIntent } from './leg.ts'
import { isLargeEnough, least, onSteps } from './order-size.ts'
import { nothing, type Plan } from './plan.ts'
import type { VenueSide } from './venue-side.ts'
import { walkBooks } from './walk-books.ts'

/** Both legs of the trade that buys at `buy` and sells at `sell`: as much as pays, as can be paid for, and as is there to be sold. */
export function planTrade(buy: VenueSide, sell: VenueSide, params: SpreadArbitrageParams): Plan {
  const [bestAsk] = buy.book.asks
  const [bestBid] = sell.book.bids
  if (bestAsk === undefined || bestBid === undefined) return nothing('book-empty')
  if (!buy.instrument.isTrading || !sell.instrument.isTrading) return nothing('market-closed')
  const walk = (quantityMax: Decimal) =>
    walkBooks({
      asks: buy.book.asks,
      bids: sell.book.bids,
      buyFee: buy.instrument.takerFee,
      sellFee: sell.instrument.takerFee,
      netBpsMin: params.netBpsMin,
      quantityMax,
    })
  const wanted = walk(Decimal.of(params.notionalMax).dividedBy(params.quoteRate).dividedBy(bestAsk[0]))
  if (wanted === undefined) return nothing('spread-does-not-pay')
  const costFactor = Decimal.of(1).plus(buy.instrument.takerFee)
  const affordable = buy.freeQuote.dividedBy(wanted.worstBuy.times(costFactor))
  const inStock = sell.instrument.canShort ? wanted.quantity : sell.freeBase
  const possible = least(wanted.quantity, affordable, inStock)
  const quantity = onSteps(possible, [buy, sell])
  // Less than wanted ends on better levels.
  const spread = quantity.isPositive ? walk(quantity) : undefined
  if (
    spread === undefined ||
    !isLargeEnough(quantity, spread.worstBuy, buy) ||
    !isLargeEnough(quantity, spread.worstSell, sell)
  )
    return nothing(possible.compare(wanted.quantity) < 0 ? 'no-funds' : 'below-minimum')
  const { worstBuy, worstSell } = spread
  const edge = Number(spread.edge.times(params.quoteRate).text)
  const rationale: Rationale = {
    reason: 'spread-pays',
    summary: `buys ${quantity.text} at ${buy.venueId} up to ${worstBuy.text}, sells at ${sell.venueId} down to ${worstSell.text}`,
    inputs: {
      bestAsk: bestAsk[0],
      bestBid: bestBid[0],
      buyFee: buy.instrument.takerFee,
      sellFee: sell.instrument.takerFee,
      edge,
    },
    thresholds: { netBpsMin: params.netBpsMin, notionalMax: params.notionalMax },
  }
  const terms = { quantity, params, rationale }
  const legs = [
    legIntent({ ...terms, at: buy, side: 'buy', worst: worstBuy }),
    legIntent({ ...terms, at: sell, side: 'sell', worst: worstSell }),
  ]
  // The leg that is likelier to fail goes first: while nothing is done nothing has to be undone.
  const isSellThinner = depth(sell.book.bids, worstSell, 'bids').compare(depth(buy.book.asks, worstBuy, 'asks')) < 0
  return {
    kind: 'trade',
    intents: isSellThinner ? legs.toReversed() : legs,
    edge,
    atRisk: atRisk(legs),
    asOf: Math.min(buy.bookAt, sell.bookAt),
    rationale,
  }
}

/** How much there is up to the worst price. */
function depth(levels: readonly BookLevel[], worst: Decimal, side: 'bids' | 'asks'): Decimal {
  let sum = Decimal.of(0)
  for (const [price, quantity] of levels) {
    const beyond = Decimal.of(price).compare(worst)
    if (side === 'bids' ? beyond < 0 : beyond > 0) break
    sum = sum.plus(quantity)
  }
  return sum
}
