import { AutomationError } from '../errors/automation-error.ts'
import type { Intent } from '../intent/intent.ts'
import type { Receipt } from '../intent/receipt.ts'
import type { SettleResult } from '../ledger/decide-settle.ts'
import type { RiskManager } from '../risk/risk-manager.ts'

/**
 * Posts what a venue says it did. Also where the reservation was released meanwhile, or is so long ago that nobody remembers it: what
 * happened counts.
 */
export async function postReceipt(
  risk: RiskManager,
  reservationId: string,
  intent: Intent,
  receipt: Receipt,
): Promise<void> {
  if ((await settle(risk, reservationId, receipt)) !== 'ended-before') return
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

async function settle(risk: RiskManager, reservationId: string, receipt: Receipt): Promise<SettleResult> {
  try {
    return await risk.settle(reservationId, receipt.postings, receipt)
  } catch (error) {
    // Once it was there: it has ended, and neither ledger nor journal go back that far.
    if (AutomationError.isInstance(error) && error.code === 'UNKNOWN_RESERVATION') return 'ended-before'
    throw error
  }
}
