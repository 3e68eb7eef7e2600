import type { Json } from '@org/core'
import type { ListingTerms } from '@org/venue-vastai/actions'

export type DecisionKind = 'list' | 'reprice' | 'unlist' | 'hold'

/** What a review of one machine came to, and why. Every review ends in one, `hold` included. */
export interface ListingDecision {
  readonly machineId: number
  readonly atMs: number
  readonly kind: DecisionKind
  /** A stable reason; decisions are counted by kind and reason. */
  readonly reason: string
  /** One sentence for people. */
  readonly summary: string
  /** What it was made from, units in the names. Prices are host prices unless the name says otherwise. */
  readonly inputs: { readonly [name: string]: Json }
  readonly thresholds: { readonly [name: string]: Json }
  /** The listing it was made on, `null`: not listed. */
  readonly before: ListingTerms | null
  /** The whole listing to be written; `null`: off the market; absent for `hold`. */
  readonly terms?: ListingTerms | null
  /** Something a person should see to. */
  readonly warning?: string
}
