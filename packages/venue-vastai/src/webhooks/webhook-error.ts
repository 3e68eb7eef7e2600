import { AutomationError } from '@org/core'

/**
 * - `WEBHOOK_UNSIGNED`: signature, time or secret is missing.
 * - `WEBHOOK_FORGED`: the signature is not of this secret and body.
 * - `WEBHOOK_STALE`: too old, or from the future.
 * - `WEBHOOK_MALFORMED`: signed, but no event.
 * - `WEBHOOK_REPLAYED`: accepted before.
 * - `WEBHOOK_FLOODED`: too many at once to be remembered.
 */
export type WebhookErrorCode =
  | 'WEBHOOK_UNSIGNED'
  | 'WEBHOOK_FORGED'
  | 'WEBHOOK_STALE'
  | 'WEBHOOK_MALFORMED'
  | 'WEBHOOK_REPLAYED'
  | 'WEBHOOK_FLOODED'

/** A notification that must not be acted upon. */
export class VastAiWebhookError extends AutomationError {
  declare readonly code: WebhookErrorCode

  constructor(code: WebhookErrorCode, message: string) {
    super({ code, message })
  }
}
