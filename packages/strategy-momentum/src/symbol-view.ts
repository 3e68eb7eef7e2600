import { type Amount, Decimal, type Opportunity } from '@org/core'
import type { Instrument, OrderView, Position, Ticker } from '@org/venue-trading/actions'
import type { MomentumParams } from './config.ts'
import type { TrendPoint } from './trend.ts'

/** Everything that a decision about one symbol rests on. */
export interface SymbolView {
  readonly strategyId: string
  readonly venueId: string
  readonly params: MomentumParams
  readonly instrument: Instrument
  readonly ticker: Ticker
  /** The newest bar, or in a word why there is none to decide from. */
  readonly bars: { readonly point: TrendPoint } | { readonly problem: string }
  readonly position: Position | undefined
  /**
   * Where what is held is closed if it goes wrong: that of its entry, which a position may have forgotten over dust of an earlier one.
   */
  readonly stopPrice: string | undefined
  /** This strategy's own orders that have not ended. */
  readonly openOrders: readonly OrderView[]
  /** A stop that the venue does not take: it is watched here. */
  readonly refusedStop: string | undefined
  /** What a trade may lose now, in the base currency. */
  readonly risk: Amount
  /** Of the asset that pays for a purchase; `undefined`: not known. */
  readonly free: Amount | undefined
  /** The bar whose cross was acted upon already, milliseconds since the epoch. */
  readonly actedOn: number | undefined
}

/** What is to be done about a symbol, and why; without an opportunity: why nothing. */
export interface Verdict {
  readonly reason: string
  readonly opportunity: Opportunity | undefined
}

export function wait(reason: string): Verdict {
  return { reason, opportunity: undefined }
}

/** What is held and can be sold or bought back, with its sign; what is too small for an order of its own counts as nothing. */
export function heldOf({ position, instrument, ticker }: SymbolView): Decimal {
  const held = Decimal.of(position?.quantity ?? '0')
  const closable = held.abs().toStep(instrument.quantityStep)
  const price = (held.isPositive ? ticker.bid : ticker.ask) ?? position?.averagePrice ?? '0'
  const isDust =
    closable.compare(instrument.quantityMin) < 0 || closable.times(price).compare(instrument.notionalMin) < 0
  if (closable.isZero || isDust) return Decimal.of(0)
  return held.isPositive ? closable : closable.negated()
}
