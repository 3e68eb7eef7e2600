import { Decimal, type IntentDraft, type Rationale } from '@org/core'
import { type OrderView, orderEffects, type Side } from '@org/venue-trading/actions'
import type { SpreadArbitrageParams } from './config.ts'
import type { VenueSide } from './venue-side.ts'

/**
 * One leg, at `worst` or better, now or not at all. What it may cost is to be unwound alone: the price has run away by `unwindSlippage` of it, and the
 * fees of both ways.
 */
export function legIntent(leg: {
  readonly at: VenueSide
  readonly side: Side
  readonly quantity: Decimal
  readonly worst: Decimal
  readonly params: SpreadArbitrageParams
  readonly rationale: Rationale
}): IntentDraft {
  const { side, quantity, worst, params, rationale } = leg
  const { venueId, instrument, bookAt } = leg.at
  const away = worst.times(params.unwindSlippage)
  const stop =
    side === 'buy'
      ? worst.minus(away).toStep(instrument.priceStep, 'trunc')
      : worst.plus(away).toStep(instrument.priceStep, 'up')
  const order = {
    symbol: instrument.symbol,
    side,
    quantity: quantity.text,
    worstPrice: worst.text,
    stopPrice: stop.text,
  }
  const feesRatio = Decimal.of(instrument.takerFee).times(2).text
  return {
    venueId,
    asset: instrument.symbol,
    side: side === 'buy' ? 'long' : 'short',
    action: 'place-order',
    params: order,
    effects: orderEffects({ ...order, price: order.worstPrice, feesRatio, quoteRate: params.quoteRate }),
    observedAt: bookAt,
    rationale,
  }
}

/**
 * Takes off what a leg has brought, at `worst` or better; no budget refuses it. What it does not meet rests, is cancelled at the next look, and tried
 * again at the prices that stand then.
 */
export function unwindIntent(unwind: {
  readonly at: VenueSide
  readonly side: Side
  readonly quantity: Decimal
  readonly worst: Decimal
  readonly rationale: Rationale
}): IntentDraft {
  const { at, side, quantity, worst, rationale } = unwind
  const { symbol } = at.instrument
  return {
    venueId: at.venueId,
    asset: symbol,
    side: side === 'sell' ? 'long' : 'short',
    action: 'close-position',
    params: { symbol, side, quantity: quantity.text, price: worst.text },
    effects: [],
    reduces: true,
    observedAt: at.bookAt,
    rationale,
  }
}

/** Takes an order of ours that still rests off the book. */
export function cancelIntent(at: VenueSide, { symbol, clientOrderId }: OrderView, rationale: Rationale): IntentDraft {
  return {
    venueId: at.venueId,
    asset: symbol,
    action: 'cancel-order',
    params: { symbol, clientOrderId },
    effects: [],
    reduces: true,
    observedAt: at.bookAt,
    rationale,
  }
}

/** What the legs reserve of a loss limit, in the base currency. */
export function atRisk(legs: readonly IntentDraft[]): number {
  let sum = 0
  for (const { effects } of legs)
    for (const { measure, amount } of effects) if (measure === 'loss') sum += Number(amount)
  return sum
}
