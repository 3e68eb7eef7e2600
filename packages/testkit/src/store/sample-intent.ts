import type { Intent, IntentId } from '@org/core'
import { startMs } from './sample-facts.ts'

/** An intent that could lose $7. */
export function sampleIntent(number: number): Intent {
  return {
    id: `intent-${number}` as IntentId,
    strategyId: 'conformance',
    venueId: 'nowhere',
    domain: 'testing',
    action: 'act',
    params: { number },
    effects: [{ measure: 'loss', amount: 7 }],
    reduces: false,
    expiresAt: startMs + 300_000,
    rationale: { reason: 'conformance', summary: 'to see how many fit' },
  }
}
