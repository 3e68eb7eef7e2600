import type { IntentDraft } from './intent.ts'
import type { Rationale } from './rationale.ts'

/** Something worth doing that a strategy has found, with the intents that would do it. */
export interface Opportunity<Params = unknown> {
  readonly id: string
  readonly strategyId: string
  /** A word of the strategy's, such as `list` or `reprice`. */
  readonly kind: string
  readonly asset?: string
  /** Profit per hour that is expected of it, in the base currency; 0 for one that only avoids a loss. */
  readonly expectedProfitPerHour: number
  /** Profit over cost; `Infinity` where nothing is spent. */
  readonly expectedRoi: number
  /** When the observations behind it were made, milliseconds since the epoch. */
  readonly asOf: number
  readonly intents: readonly IntentDraft<Params>[]
  readonly rationale: Rationale
}
