import { orderEffects } from '@org/venue-trading/actions'
import { barLengthMs } from './bar-length.ts'
import { decideHeld } from './decide-held.ts'
import { planEntry } from './plan-entry.ts'
import { cancelIntent, explain, intentBase, propose } from './propose.ts'
import { heldOf, type SymbolView, type Verdict, wait } from './symbol-view.ts'

const hourMs = 3_600_000

/** What to do about a symbol. What lowers risk comes first, and rests on prices alone where bars cannot be trusted. */
export function decide(view: SymbolView): Verdict {
  const held = heldOf(view)
  if (!held.isZero) return decideHeld(view, held)
  if (view.openOrders.length > 0) return clearStrays(view)
  return enter(view)
}

/** Entries never rest, so an order where nothing is held is a stop that has lost its position: it could sell what is not ours. */
function clearStrays(view: SymbolView): Verdict {
  const rationale = explain(view, 'stray-orders', `cancels ${view.openOrders.length} orders: nothing is held any more`)
  const cancels = view.openOrders.map(order => cancelIntent(view, order, rationale))
  return propose(view, rationale, cancels)
}

function enter(view: SymbolView): Verdict {
  const { bars, params, instrument, actedOn } = view
  if ('problem' in bars) return wait(bars.problem)
  const { point } = bars
  if (!point.hasCrossed) return wait('no-cross')
  if (actedOn !== undefined && point.openTime <= actedOn) return wait('acted-on-already')
  const isLong = point.direction === 'up'
  if (!isLong && !(params.allowShort && instrument.canShort)) return wait('no-shorts')
  if (!instrument.isTrading) return wait('market-closed')
  const plan = planEntry({ ...view, point, side: isLong ? 'buy' : 'sell' })
  if ('skipped' in plan) return wait(plan.skipped)
  const { order, feesRatio } = plan
  const rationale = explain(
    view,
    isLong ? 'crossed-up' : 'crossed-down',
    `${order.side}s ${order.quantity} ${instrument.baseAsset} at ${order.worstPrice} or better, stop ${order.stopPrice}`,
  )
  const effects = orderEffects({ ...order, price: order.worstPrice, feesRatio, quoteRate: params.quoteRate })
  const intent = {
    ...intentBase(view, rationale, isLong ? 'long' : 'short'),
    action: 'place-order',
    params: order,
    effects,
  }
  const profitPerBar = Number(order.quantity) * point.atr * params.quoteRate
  return propose(view, rationale, [intent], profitPerBar * (hourMs / barLengthMs(params.timeframe)))
}
