import type { ClosedPosition } from './closed-position.ts'
import type { Posting } from './effect.ts'
import type { IntentId } from './intent.ts'
import type { Json } from './json.ts'

/** A venue's word that an intent was carried out. */
export interface Receipt {
  readonly intentId: IntentId
  /** The venue's own name of what was made or changed: an order id, a contract id, a listing. */
  readonly venueRef?: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /**
   * What it really did to budgets. A measure that was reserved and is not named here is posted in full, so that a forgetful adapter
   * errs on the safe side.
   */
  readonly postings: readonly Posting[]
  /** Set when the intent closed a position. */
  readonly closed?: ClosedPosition
  readonly details?: { readonly [name: string]: Json }
}
