import { AutomationError } from '@org/core'

/**
 * - `TOO_FEW_PEERS`: fewer comparable machines than a price may rest on, also after relaxing.
 * - `STALE_MARKET`: the newest sample is too old.
 * - `ABSURD_PRICES`: prices that cannot be meant, for instance cents where dollars belong.
 */
export type MarketErrorCode = 'TOO_FEW_PEERS' | 'STALE_MARKET' | 'ABSURD_PRICES'

/** There is no market rate to decide from. Decide nothing, try again at the next scan. */
export class MarketError extends AutomationError {
  declare readonly code: MarketErrorCode

  constructor(options: {
    readonly code: MarketErrorCode
    readonly message: string
    readonly details?: Readonly<Record<string, unknown>>
    readonly cause?: unknown
    /** False: earlier prices may not stand in for this answer. @default true */
    readonly retryable?: boolean
  }) {
    super({ retryable: true, ...options, effect: 'none' })
  }
}
