import type { Intent } from '../intent/intent.ts'
import type { Receipt } from '../intent/receipt.ts'
import type { ConstraintSpec } from '../ledger/constraint-spec.ts'
import type { Micros } from '../money/micros.ts'

/** An amount taken from or posted to one budget. */
export interface BudgetAmount {
  /** `<constraint>@<scope key>` */
  readonly budget: string
  readonly amount: Micros
}

/** A posting in exact units, for the record. */
export interface ExactPosting {
  readonly measure: string
  readonly amount: Micros
}

/** Figures of a refusal as they were, exact. */
export interface RefusalFigures {
  readonly constraint: string
  readonly scope: string
  readonly limit: Micros
  readonly used: Micros
  readonly reserved: Micros
  readonly requested: Micros
  readonly available: Micros
}

/**
 * Everything that can happen to the ledger, one type for journal, bus, stores and reports. A fact is written before it is acted on
 * and never changed; replaying all facts rebuilds every budget.
 */
export type Fact =
  | {
      readonly type: 'constraint-set'
      readonly constraint: ConstraintSpec
      readonly reason: string
      readonly by: string
    }
  | {
      readonly type: 'intent-reserved'
      readonly reservationId: string
      readonly intent: Intent
      readonly expiresAt: number
      readonly amounts: readonly BudgetAmount[]
      /** Shadow constraints that would have refused it. */
      readonly shadowed: readonly RefusalFigures[]
    }
  | {
      readonly type: 'intent-rejected'
      readonly intent: Intent
      readonly code: string
      readonly message: string
      readonly figures?: RefusalFigures
    }
  | { readonly type: 'intent-sent'; readonly reservationId: string; readonly idempotencyKey: string }
  | {
      readonly type: 'intent-in-doubt'
      readonly reservationId: string
      readonly code: string
      readonly message: string
    }
  | {
      readonly type: 'intent-settled'
      readonly reservationId: string
      readonly postings: readonly ExactPosting[]
      readonly receipt?: Receipt
    }
  | { readonly type: 'intent-released'; readonly reservationId: string; readonly reason: string }
  | {
      readonly type: 'result-recorded'
      readonly domain: string
      readonly strategyId: string
      readonly venueId: string
      readonly asset?: string
      readonly postings: readonly ExactPosting[]
      readonly note: string
      /** The intent it came from, where its reservation had ended before. */
      readonly intentId?: string
    }
  | {
      readonly type: 'state-changed'
      readonly scope: string
      readonly state: 'active' | 'reducing' | 'halted'
      readonly reason: string
      readonly by: string
    }
