import type { Intent } from '../intent/intent.ts'
import type { Receipt } from '../intent/receipt.ts'
import type { RiskManager } from '../risk/risk-manager.ts'

/** Posts what a venue says it did. Also where the reservation was released meanwhile: what happened counts. */
export async function postReceipt(
  risk: RiskManager,
  reservationId: string,
  intent: Intent,
  receipt: Receipt,
): Promise<void> {
  if ((await risk.settle(reservationId, receipt.postings, receipt)) !== 'ended-before') return
  const { domain, strategyId, venueId, asset, effects } = intent
  const named = new Set(receipt.postings.map(posting => posting.measure))
  await risk.record({
    domain,
    strategyId,
    venueId,
    asset,
    postings: [...receipt.postings, ...effects.filter(effect => !named.has(effect.measure))],
    closed: receipt.closed,
    note: 'late result, the reservation had ended',
    intentId: intent.id,
  })
}
