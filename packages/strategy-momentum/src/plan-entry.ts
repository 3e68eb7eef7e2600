import { type Amount, Decimal } from '@org/core'
import type { Instrument, PlaceOrderParams, Side, Ticker } from '@org/venue-trading/actions'
import type { MomentumParams } from './config.ts'
import type { TrendPoint } from './trend.ts'

/** An entry that fits the instrument, or why there is none. */
export type EntryPlan =
  | {
      readonly order: PlaceOrderParams & { readonly worstPrice: string; readonly stopPrice: string }
      /** Of entry and exit together, as a share of the notional. */
      readonly feesRatio: string
    }
  | { readonly skipped: EntryProblem }

export type EntryProblem = 'nobody-quotes' | 'no-distance-to-stop' | 'below-minimum' | 'no-budget' | 'no-funds'

/**
 * How much to buy or sell: as much as loses `riskPerTrade` when the stop is hit,
 *
 *     quantity = risk / (|worst price − stop| + worst price × fees of entry and exit)
 *
 * at most `notionalMax`, at most what `free` pays for, rounded down to the quantity step. The worst price is the best one moved by `slippageMax`;
 * the stop is `stopAtrs` average true ranges from the close, rounded away from the price.
 */
export function planEntry(input: {
  readonly side: Side
  readonly point: TrendPoint
  readonly ticker: Pick<Ticker, 'bid' | 'ask'>
  readonly instrument: Instrument
  readonly params: MomentumParams
  /** What this trade may lose, in the base currency. */
  readonly risk: Amount
  /** Of the asset that pays, in units of the quote asset; `undefined`: not known, the venue will say. */
  readonly free: Amount | undefined
}): EntryPlan {
  const { side, point, ticker, instrument, params, free } = input
  const best = side === 'buy' ? ticker.ask : ticker.bid
  if (best === undefined) return { skipped: 'nobody-quotes' }
  const risk = Decimal.of(input.risk).dividedBy(params.quoteRate)
  if (!risk.isPositive) return { skipped: 'no-budget' }
  const { priceStep, quantityStep, takerFee } = instrument
  const isBuy = side === 'buy'
  const slip = Decimal.of(best).times(params.slippageMax)
  // Towards what is better: the limit never reaches beyond what was allowed.
  const worst = isBuy
    ? Decimal.of(best).plus(slip).toStep(priceStep, 'trunc')
    : Decimal.of(best).minus(slip).toStep(priceStep, 'up')
  const distance = Decimal.of(point.atr).times(params.stopAtrs)
  const close = Decimal.of(point.close)
  const stop = isBuy ? close.minus(distance).toStep(priceStep, 'trunc') : close.plus(distance).toStep(priceStep, 'up')
  const toStop = isBuy ? worst.minus(stop) : stop.minus(worst)
  if (!toStop.isPositive || !stop.isPositive) return { skipped: 'no-distance-to-stop' }
  const feesRatio = Decimal.of(takerFee).times(2)
  const perUnit = toStop.plus(worst.times(feesRatio))
  const byRisk = risk.dividedBy(perUnit)
  const byNotional = Decimal.of(params.notionalMax).dividedBy(params.quoteRate).dividedBy(worst)
  const byFunds =
    free === undefined ? byNotional : Decimal.of(free).dividedBy(worst.times(Decimal.of(1).plus(takerFee)))
  const quantity = least(byRisk, byNotional, byFunds).toStep(quantityStep, 'trunc')
  const isTooSmall =
    !quantity.isPositive ||
    quantity.compare(instrument.quantityMin) < 0 ||
    quantity.times(worst).compare(instrument.notionalMin) < 0
  if (isTooSmall) return { skipped: byFunds.compare(byRisk) < 0 ? 'no-funds' : 'below-minimum' }
  return {
    order: {
      symbol: instrument.symbol,
      side,
      quantity: quantity.text,
      worstPrice: worst.text,
      stopPrice: stop.text,
    },
    feesRatio: feesRatio.text,
  }
}

function least(first: Decimal, ...others: readonly Decimal[]): Decimal {
  return others.reduce((smallest, other) => (other.compare(smallest) < 0 ? other : smallest), first)
}
