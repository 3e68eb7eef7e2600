import type { AutomationError } from '../errors/automation-error.ts'
import type { IntentId } from '../intent/intent.ts'
import type { Receipt } from '../intent/receipt.ts'
import type { RiskRejection } from '../risk/rejection.ts'

/** How a submitted intent ended, or that its end is not known yet. */
export type SubmitResult =
  | { readonly status: 'settled'; readonly intentId: IntentId; readonly receipt: Receipt }
  /** Refused before anything left; no budget was touched. */
  | { readonly status: 'rejected'; readonly intentId: IntentId; readonly rejection: RiskRejection }
  /** The venue refused it or was not reached: certainly nothing happened, the reservation was released. */
  | { readonly status: 'failed'; readonly intentId: IntentId; readonly error: AutomationError }
  /** It may have happened. The reservation stays until the venue was asked. */
  | { readonly status: 'unknown'; readonly intentId: IntentId; readonly error: AutomationError }
  /** Passed every check; nothing was sent. */
  | { readonly status: 'dry-run'; readonly intentId: IntentId }
