import type { IntentDraft, Rationale } from '@org/core'
import type { OrderView } from '@org/venue-trading/actions'
import type { SymbolView, Verdict } from './symbol-view.ts'

/** A verdict to act, in the terms that budgets and journal want. */
export function propose(
  view: SymbolView,
  rationale: Rationale,
  intents: readonly IntentDraft[],
  expectedProfitPerHour = 0,
): Verdict {
  const { strategyId, instrument, ticker, params } = view
  const { reason } = rationale
  return {
    reason,
    opportunity: {
      id: `${strategyId}-${instrument.symbol}-${ticker.at}-${reason}`,
      strategyId,
      kind: reason,
      asset: instrument.symbol,
      expectedProfitPerHour,
      expectedRoi: expectedProfitPerHour === 0 ? 0 : 1 / params.stopAtrs,
      asOf: ticker.at,
      intents,
      rationale,
    },
  }
}

/** What every intent about a symbol says. */
export function intentBase(
  { venueId, instrument, ticker }: SymbolView,
  rationale: Rationale,
  side?: 'long' | 'short',
): Pick<IntentDraft, 'venueId' | 'asset' | 'side' | 'observedAt' | 'rationale'> {
  return {
    venueId,
    asset: instrument.symbol,
    ...(side === undefined ? {} : { side }),
    observedAt: ticker.at,
    rationale,
  }
}

export function cancelIntent(view: SymbolView, order: OrderView, rationale: Rationale): IntentDraft {
  return {
    ...intentBase(view, rationale),
    action: 'cancel-order',
    params: { symbol: order.symbol, clientOrderId: order.clientOrderId },
    effects: [],
    reduces: true,
  }
}

/** The verdict in a word and a line, what it was made from, and what that was compared with. */
export function explain(
  { bars, ticker, params, position, stopPrice }: SymbolView,
  reason: string,
  summary: string,
): Rationale {
  const averages =
    'point' in bars
      ? {
          barOpenTime: bars.point.openTime,
          close: bars.point.close,
          fast: bars.point.fast,
          slow: bars.point.slow,
          atr: bars.point.atr,
        }
      : { bars: bars.problem }
  return {
    reason,
    summary,
    inputs: {
      ...averages,
      bid: ticker.bid ?? null,
      ask: ticker.ask ?? null,
      held: position?.quantity ?? '0',
      stopPrice: stopPrice ?? null,
    },
    thresholds: {
      fastPeriod: params.fastPeriod,
      slowPeriod: params.slowPeriod,
      stopAtrs: params.stopAtrs,
      riskPerTrade: params.riskPerTrade,
      notionalMax: params.notionalMax,
    },
  }
}
