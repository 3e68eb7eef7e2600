import { Decimal, type IntentDraft, type Rationale } from '@org/core'
import { type DecimalText, orderEffects, type Side } from '@org/venue-trading/actions'
import type { SpreadArbitrageParams } from './config.ts'
import type { VenueSide } from './venue-side.ts'
import { least, walkBooks } from './walk-books.ts'

/** What is to be done, and what it should bring in the base currency; or why nothing. */
export type Plan =
  | {
      readonly kind: 'trade' | 'hedge' | 'unwind'
      readonly intents: readonly IntentDraft[]
      readonly edge: number
      /** What the legs reserve of a loss limit, in the base currency. */
      readonly atRisk: number
      readonly rationale: Rationale
    }
  | { readonly kind: 'nothing'; readonly reason: string }

/** Both legs of the trade that buys at `buy` and sells at `sell`. */
export function planTrade(buy: VenueSide, sell: VenueSide, params: SpreadArbitrageParams): Plan {
  const buyFee = buy.instrument.takerFee
  const [bestAsk] = buy.book.asks
  if (bestAsk === undefined || sell.book.bids.length === 0) return nothing('book-empty')
  if (!buy.instrument.isTrading || !sell.instrument.isTrading) return nothing('market-closed')
  const spread = walkBooks({
    asks: buy.book.asks,
    bids: sell.book.bids,
    buyFee,
    sellFee: sell.instrument.takerFee,
    netBpsMin: params.netBpsMin,
    quantityMax: Decimal.of(params.notionalMax).dividedBy(params.quoteRate).dividedBy(bestAsk[0]),
  })
  if (spread === undefined) return nothing('spread-does-not-pay')
  const { worstBuy, worstSell } = spread
  const affordable = buy.freeQuote.dividedBy(worstBuy.times(Decimal.of(1).plus(buyFee)))
  const inStock = sell.instrument.canShort ? spread.quantity : sell.freeBase
  const quantity = onStep(least(spread.quantity, affordable, inStock), [buy, sell])
  if (!isLargeEnough(quantity, worstBuy, buy) || !isLargeEnough(quantity, worstSell, sell))
    return nothing(quantity.compare(onStep(spread.quantity, [buy, sell])) < 0 ? 'no-funds' : 'below-minimum')
  const edge = Number(spread.edge.times(quantity).dividedBy(spread.quantity).times(params.quoteRate).text)
  const rationale: Rationale = {
    reason: 'spread-pays',
    summary: `buys ${quantity.text} at ${buy.venueId} up to ${worstBuy.text}, sells at ${sell.venueId} down to ${worstSell.text}`,
    inputs: { bestAsk: bestAsk[0], bestBid: sell.book.bids[0]?.[0] ?? null, edge },
    thresholds: { netBpsMin: params.netBpsMin, notionalMax: params.notionalMax },
  }
  const legs = [
    leg(buy, 'buy', quantity, worstBuy, params, rationale),
    leg(sell, 'sell', quantity, worstSell, params, rationale),
  ]
  // The leg that is likelier to fail goes first: while nothing is done nothing has to be undone.
  const isSellThinner = depth(sell.book.bids).compare(depth(buy.book.asks)) < 0
  return { kind: 'trade', intents: isSellThinner ? legs.toReversed() : legs, edge, atRisk: atRisk(legs), rationale }
}

/**
 * What makes up for a leg that did not fill, or not whole. The missing leg is traded while it does not lose; else the other one is taken back, which no
 * budget refuses.
 *
 * @returns `undefined` where both venues hold the same, up to what is too small to trade.
 */
export function planRepair(sides: readonly [VenueSide, VenueSide], params: SpreadArbitrageParams): Plan | undefined {
  const [a, b] = sides
  const net = a.held.plus(b.held)
  if (net.isZero) return undefined
  const isLong = net.isPositive
  // The side that holds more in the direction of the difference is the one that filled.
  const [filled, missing] = a.held.compare(b.held) > 0 === isLong ? [a, b] : [b, a]
  const side: Side = isLong ? 'sell' : 'buy'
  const best = (of: VenueSide) => (isLong ? of.book.bids[0] : of.book.asks[0])?.[0]
  const hedgePrice = best(missing)
  const quantity = onStep(net.abs(), [missing])
  if (hedgePrice !== undefined && isLargeEnough(quantity, Decimal.of(hedgePrice), missing)) {
    const hasFunds = isLong
      ? missing.instrument.canShort || missing.freeBase.compare(quantity) >= 0
      : missing.freeQuote.compare(quantity.times(hedgePrice).times(Decimal.of(1).plus(missing.instrument.takerFee))) >=
        0
    if (hasFunds && breaksEven(filled, hedgePrice, missing, isLong)) {
      const rationale = repairing('hedge', `${side}s the missing ${quantity.text} at ${missing.venueId}`, net)
      const legs = [leg(missing, side, quantity, Decimal.of(hedgePrice), params, rationale)]
      return { kind: 'hedge', intents: legs, edge: 0, atRisk: atRisk(legs), rationale }
    }
  }
  const price = best(filled)
  if (price === undefined) return nothing('nobody-quotes')
  const taken = onStep(least(net.abs(), filled.held.abs()), [filled])
  if (!isLargeEnough(taken, Decimal.of(price), filled)) return undefined
  const rationale = repairing('unwind', `takes ${taken.text} back at ${filled.venueId}`, net)
  const close: IntentDraft = {
    venueId: filled.venueId,
    asset: filled.instrument.symbol,
    action: 'close-position',
    params: { symbol: filled.instrument.symbol, side, quantity: taken.text },
    effects: [],
    reduces: true,
    observedAt: filled.bookAt,
    rationale,
  }
  return { kind: 'unwind', intents: [close], edge: 0, atRisk: 0, rationale }
}

/** Does the missing leg still bring what the filled one cost, after fees? */
function breaksEven(filled: VenueSide, price: DecimalText, missing: VenueSide, isLong: boolean): boolean {
  const one = Decimal.of(1)
  const before = filled.averagePrice
  const { takerFee } = missing.instrument
  return isLong
    ? one
        .minus(takerFee)
        .times(price)
        .compare(before.times(one.plus(filled.instrument.takerFee))) >= 0
    : one
        .plus(takerFee)
        .times(price)
        .compare(before.times(one.minus(filled.instrument.takerFee))) <= 0
}

function leg(
  { venueId, instrument, bookAt }: VenueSide,
  side: Side,
  quantity: Decimal,
  worst: Decimal,
  params: SpreadArbitrageParams,
  rationale: Rationale,
): IntentDraft {
  const away = worst.times(params.unwindSlippage)
  // Where it would be given up: as far as the price may run away while it is unwound.
  const stop =
    side === 'buy'
      ? worst.minus(away).toStep(instrument.priceStep)
      : worst.plus(away).toStep(instrument.priceStep, 'up')
  const order = {
    symbol: instrument.symbol,
    side,
    quantity: quantity.text,
    worstPrice: worst.text,
    stopPrice: stop.text,
  }
  return {
    venueId,
    asset: instrument.symbol,
    side: side === 'buy' ? 'long' : 'short',
    action: 'place-order',
    params: order,
    effects: orderEffects({
      side,
      quantity: order.quantity,
      price: order.worstPrice,
      stopPrice: order.stopPrice,
      feesRatio: Decimal.of(instrument.takerFee).times(2).text,
      quoteRate: params.quoteRate,
    }),
    observedAt: bookAt,
    rationale,
  }
}

function atRisk(legs: readonly IntentDraft[]): number {
  return legs
    .flatMap(({ effects }) => effects)
    .filter(({ measure }) => measure === 'loss')
    .reduce((sum, { amount }) => sum + Number(amount), 0)
}

function repairing(reason: string, summary: string, net: Decimal): Rationale {
  return { reason: `one-leg-${reason}`, summary, inputs: { difference: net.text } }
}

/** Down to a multiple of the steps of all sides; steps are powers of ten on nearly all exchanges, so the coarsest divides. */
function onStep(quantity: Decimal, sides: readonly VenueSide[]): Decimal {
  return sides.reduce((rounded, { instrument }) => rounded.toStep(instrument.quantityStep, 'trunc'), quantity)
}

function isLargeEnough(quantity: Decimal, price: Decimal, { instrument }: VenueSide): boolean {
  return (
    quantity.isPositive &&
    quantity.compare(instrument.quantityMin) >= 0 &&
    quantity.times(price).compare(instrument.notionalMin) >= 0
  )
}

function depth(levels: readonly (readonly [DecimalText, DecimalText])[]): Decimal {
  return levels.reduce((sum, [, quantity]) => sum.plus(quantity), Decimal.of(0))
}

function nothing(reason: string): Plan {
  return { kind: 'nothing', reason }
}
