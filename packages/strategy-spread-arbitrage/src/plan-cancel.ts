import type { Rationale } from '@org/core'
import { cancelIntent } from './leg.ts'
import type { Move } from './plan.ts'
import type { VenueSide } from './venue-side.ts'

/** Legs never rest, so an order that does is what is left of one that was taken back: off with it, before anything is decided. */
export function planCancel(sides: readonly VenueSide[]): Move | undefined {
  const resting = sides.flatMap(side => side.openOrders.map(order => ({ side, order })))
  if (resting.length === 0) return undefined
  const rationale: Rationale = { reason: 'order-rests', summary: `cancels ${resting.length} orders that met nobody` }
  return {
    kind: 'cancel',
    intents: resting.map(({ side, order }) => cancelIntent(side, order, rationale)),
    edge: 0,
    atRisk: 0,
    asOf: Math.min(...sides.map(({ bookAt }) => bookAt)),
    rationale,
  }
}
