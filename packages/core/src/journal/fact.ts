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

/** A closed position in exact units. */
export interface ExactClosed {
  readonly ratio: Micros
  readonly isStop: boolean
  readonly side?: string
  readonly at: number
}

/** One operation on an account, remembered so that a repeat is recognised. */
export interface AccountOperation {
  readonly id: string
  readonly kind: 'spend' | 'reserve' | 'commit' | 'release'
  /** The reservation that it ends. */
  readonly of?: string
  /** What was booked. */
  readonly amount: Micros
}

/** A condition without figures that a shadow constraint found unmet. */
export interface UnmetCondition {
  readonly constraint: string
  readonly scope: string
  readonly problem: string
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
  | { readonly type: 'constraint-retired'; readonly name: string; readonly reason: string; readonly by: string }
  | {
      readonly type: 'intent-reserved'
      readonly reservationId: string
      readonly intent: Intent
      readonly expiresAt: number
      readonly amounts: readonly BudgetAmount[]
      /** Shadow constraints that would have refused it. */
      readonly shadowed: readonly (RefusalFigures | UnmetCondition)[]
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
      readonly closed?: ExactClosed
      readonly receipt?: Receipt
    }
  | {
      readonly type: 'intent-released'
      readonly reservationId: string
      readonly reason: string
      /** Its time was up before it was sent. */
      readonly expired?: true
    }
  | {
      readonly type: 'result-recorded'
      readonly domain: string
      readonly strategyId: string
      readonly venueId: string
      readonly asset?: string
      readonly postings: readonly ExactPosting[]
      readonly note: string
      readonly closed?: ExactClosed
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
  | {
      readonly type: 'breaker-tripped'
      /** `<constraint>@<scope key>` */
      readonly budget: string
      /** The side it stops; absent: all. */
      readonly side?: string
      /** When it lets through again; absent: when it is re-armed by hand. */
      readonly untilMs?: number
      readonly reason: string
    }
  | { readonly type: 'breaker-rearmed'; readonly budget: string; readonly reason: string; readonly by: string }
  /** A wrong clock took the ledger's time ahead: it goes on from the time of this entry, which is before that of the one before. */
  | {
      readonly type: 'time-set-back'
      /** What windows had let go of too early, and count again from now. */
      readonly kept: readonly BudgetAmount[]
      readonly reason: string
      readonly by: string
    }
  | { readonly type: 'account-operation'; readonly operation: AccountOperation }
  /** An id that failed for a reason that may pass, and must not succeed later by surprise. */
  | { readonly type: 'account-operation-refused'; readonly id: string; readonly code: string }
