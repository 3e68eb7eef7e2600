import { type Amount, Decimal, type IntentDraft, type Opportunity, type Rationale } from '@org/core'
import {
  type Instrument,
  type OrderView,
  orderEffects,
  type Position,
  type Side,
  type Ticker,
} from '@org/venue-trading/actions'
import type { MomentumParams } from './config.ts'
import { type EntryPlan, planEntry } from './plan-entry.ts'
import type { TrendPoint } from './trend.ts'

/** Everything that a decision about one symbol rests on. */
export interface SymbolView {
  readonly strategyId: string
  readonly venueId: string
  readonly params: MomentumParams
  readonly instrument: Instrument
  readonly ticker: Ticker
  readonly point: TrendPoint
  readonly position: Position | undefined
  /** This strategy's own orders that have not ended. */
  readonly openOrders: readonly OrderView[]
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

/** Exit before protection before entry: what lowers risk comes first. */
export function decide(view: SymbolView): Verdict {
  const held = Decimal.of(view.position?.quantity ?? '0')
  if (!held.isZero) return manage(view, held)
  if (view.openOrders.length > 0) return wait('order-is-open')
  return enter(view)
}

function manage(view: SymbolView, held: Decimal): Verdict {
  const { point, ticker, position, openOrders } = view
  const isLong = held.isPositive
  const side: Side = isLong ? 'sell' : 'buy'
  const best = isLong ? ticker.bid : ticker.ask
  const stop = position?.stopPrice
  const hasTurned = isLong ? point.fast < point.slow : point.fast > point.slow
  const isStopped =
    stop !== undefined &&
    best !== undefined &&
    (isLong ? Decimal.of(best).compare(stop) <= 0 : Decimal.of(best).compare(stop) >= 0)
  const stops = openOrders.filter(order => order.stopPrice !== undefined)
  const quantity = held.abs().text
  // Where the stop waits at the venue, the venue fires it.
  if (hasTurned || (isStopped && stops.length === 0)) {
    if (best === undefined) return wait('nobody-quotes')
    const rationale = explain(
      view,
      hasTurned ? 'trend-has-turned' : 'stop-reached',
      `closes ${quantity} ${view.instrument.baseAsset}`,
    )
    const close: IntentDraft = {
      ...base(view, isLong ? 'long' : 'short', rationale),
      action: 'close-position',
      params: { symbol: view.instrument.symbol, side, quantity, ...(hasTurned ? {} : { isStop: true }) },
      effects: [],
      reduces: true,
    }
    return propose(view, rationale, [...openOrders.map(order => cancel(view, order, rationale)), close], 0)
  }
  if (stop === undefined) return wait('holds')
  const covered = stops.reduce((sum, order) => sum.plus(order.quantity).minus(order.filled), Decimal.of('0'))
  if (covered.compare(held.abs()) === 0) return wait('holds')
  const rationale = explain(view, 'stop-is-missing', `stop of ${quantity} ${view.instrument.baseAsset} at ${stop}`)
  const protect: IntentDraft = {
    ...base(view, isLong ? 'long' : 'short', rationale),
    action: 'close-position',
    params: { symbol: view.instrument.symbol, side, quantity, stopPrice: stop, isStop: true },
    effects: [],
    reduces: true,
  }
  return propose(view, rationale, [...stops.map(order => cancel(view, order, rationale)), protect], 0)
}

function enter(view: SymbolView): Verdict {
  const { point, params, instrument, actedOn } = view
  if (point.cross === undefined) return wait('no-cross')
  if (actedOn !== undefined && point.openTime <= actedOn) return wait('acted-on-already')
  const isLong = point.cross === 'up'
  if (!isLong && !(params.allowShort && instrument.canShort)) return wait('no-shorts')
  if (!instrument.isTrading) return wait('market-closed')
  const plan = planEntry({ ...view, side: isLong ? 'buy' : 'sell' })
  if ('skipped' in plan) return wait(plan.skipped)
  return open(view, plan, isLong ? 'long' : 'short')
}

function open(view: SymbolView, { order, feesRatio }: Exclude<EntryPlan, { skipped: unknown }>, side: string): Verdict {
  const { params, instrument, point } = view
  const rationale = explain(
    view,
    point.cross === 'up' ? 'crossed-up' : 'crossed-down',
    `${order.side}s ${order.quantity} ${instrument.baseAsset} at ${order.worstPrice} or better, stop ${order.stopPrice}`,
  )
  const intent: IntentDraft = {
    ...base(view, side, rationale),
    action: 'place-order',
    params: order,
    effects: orderEffects({
      side: order.side,
      quantity: order.quantity,
      price: order.worstPrice,
      stopPrice: order.stopPrice,
      feesRatio,
      quoteRate: params.quoteRate,
    }),
  }
  const perBar = Number(order.quantity) * point.atr * params.quoteRate
  return propose(view, rationale, [intent], perBar * (3_600_000 / barMs(params.timeframe)))
}

function propose(
  view: SymbolView,
  rationale: Rationale,
  intents: readonly IntentDraft[],
  expectedProfitPerHour: number,
): Verdict {
  const { strategyId, instrument, ticker, point, params } = view
  return {
    reason: rationale.reason,
    opportunity: {
      id: `${strategyId}-${instrument.symbol}-${point.openTime}-${rationale.reason}`,
      strategyId,
      kind: rationale.reason,
      asset: instrument.symbol,
      expectedProfitPerHour,
      expectedRoi: expectedProfitPerHour === 0 ? 0 : 1 / params.stopAtrs,
      asOf: ticker.at,
      intents,
      rationale,
    },
  }
}

function cancel(view: SymbolView, order: OrderView, rationale: Rationale): IntentDraft {
  return {
    ...base(view, undefined, rationale),
    action: 'cancel-order',
    params: { symbol: order.symbol, clientOrderId: order.clientOrderId },
    effects: [],
    reduces: true,
  }
}

function base({ venueId, instrument, ticker }: SymbolView, side: string | undefined, rationale: Rationale) {
  return {
    venueId,
    asset: instrument.symbol,
    ...(side === undefined ? {} : { side }),
    observedAt: ticker.at,
    rationale,
  }
}

function explain({ point, ticker, params, position }: SymbolView, reason: string, summary: string): Rationale {
  return {
    reason,
    summary,
    inputs: {
      close: point.close,
      fast: point.fast,
      slow: point.slow,
      atr: point.atr,
      bid: ticker.bid ?? null,
      ask: ticker.ask ?? null,
      held: position?.quantity ?? '0',
    },
    thresholds: { stopAtrs: params.stopAtrs, riskPerTrade: params.riskPerTrade, notionalMax: params.notionalMax },
  }
}

function wait(reason: string): Verdict {
  return { reason, opportunity: undefined }
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Length of a bar in milliseconds. */
export function barMs(timeframe: MomentumParams['timeframe']): number {
  return Number(timeframe.slice(0, -1)) * unitMs[timeframe.slice(-1) as keyof typeof unitMs]
}
