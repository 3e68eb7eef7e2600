import { Decimal, type IntentDraft, type Rationale } from '@org/core'
import type { Side, Ticker } from '@org/venue-trading/actions'
import { cancelIntent, explain, intentBase, propose } from './propose.ts'
import { type SymbolView, type Verdict, wait } from './symbol-view.ts'

/** A position is closed when its trend has turned; until then it is protected. */
export function decideHeld(view: SymbolView, held: Decimal): Verdict {
  const { bars } = view
  const hasTurned = 'point' in bars && (bars.point.direction === 'up') !== held.isPositive
  return hasTurned ? close(view, held, 'trend-has-turned') : protect(view, held)
}

/** Sees to the stop alone: it waits at the venue for all that is held, or, where it does not and the price is there, the position is closed. */
export function protect(view: SymbolView, held: Decimal): Verdict {
  const { stopPrice: stop, ticker } = view
  if (stop === undefined || isCovered(view, held)) return wait('holds')
  if (isBeyond(ticker, stop, held.isPositive)) return close(view, held, 'stop-reached')
  if (stop === view.refusedStop) return wait('stop-watched-here')
  const quantity = held.abs().text
  const rationale = explain(view, 'stop-is-missing', `stop of ${quantity} ${view.instrument.baseAsset} at ${stop}`)
  const stopOrder = closeIntent(view, held, rationale, { stopPrice: stop, isStop: true })
  return propose(view, rationale, [...cancelsOf(view, rationale), stopOrder])
}

/** Do stop orders at the venue stand for exactly what is held? */
export function isCovered({ openOrders }: Pick<SymbolView, 'openOrders'>, held: Decimal): boolean {
  let covered = Decimal.of(0)
  for (const { stopPrice, quantity, filled } of openOrders)
    if (stopPrice !== undefined) covered = covered.plus(quantity).minus(filled)
  return covered.compare(held.abs()) === 0
}

/** Is what a position could be closed for at its stop, or worse? */
export function isBeyond({ bid, ask }: Pick<Ticker, 'bid' | 'ask'>, stop: string, isLong: boolean): boolean {
  if (isLong) return bid !== undefined && Decimal.of(bid).compare(stop) <= 0
  return ask !== undefined && Decimal.of(ask).compare(stop) >= 0
}

function close(view: SymbolView, held: Decimal, reason: 'trend-has-turned' | 'stop-reached'): Verdict {
  const { ticker, instrument } = view
  if ((held.isPositive ? ticker.bid : ticker.ask) === undefined) return wait('nobody-quotes')
  const rationale = explain(view, reason, `closes ${held.abs().text} ${instrument.baseAsset}`)
  const isStop = reason === 'stop-reached'
  // The stop holds what is to be sold until it is cancelled.
  return propose(view, rationale, [
    ...cancelsOf(view, rationale),
    closeIntent(view, held, rationale, isStop ? { isStop } : {}),
  ])
}

function cancelsOf(view: SymbolView, rationale: Rationale): readonly IntentDraft[] {
  return view.openOrders.map(order => cancelIntent(view, order, rationale))
}

function closeIntent(
  view: SymbolView,
  held: Decimal,
  rationale: Rationale,
  terms: { readonly stopPrice?: string; readonly isStop?: true },
): IntentDraft {
  const side: Side = held.isPositive ? 'sell' : 'buy'
  return {
    ...intentBase(view, rationale, held.isPositive ? 'long' : 'short'),
    action: 'close-position',
    params: { symbol: view.instrument.symbol, side, quantity: held.abs().text, ...terms },
    effects: [],
    reduces: true,
  }
}
