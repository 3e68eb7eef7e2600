import type { BudgetStatus, JournalEntry } from '@org/core'
import type { ClosedTrade } from '../broker/trade.ts'
import type { RunStatistics } from '../statistics/statistics.ts'

/** A trade with the venue it was made at. */
export interface VenueTrade extends ClosedTrade {
  readonly venueId: string
}

/** An intent that was not let through. */
export interface Refusal {
  readonly at: number
  readonly strategyId: string
  readonly venueId: string
  readonly asset: string | undefined
  readonly code: string
  readonly message: string
}

/** What was used of a budget at the end of a day. */
export interface BudgetPoint {
  readonly at: number
  readonly constraint: string
  readonly limit: number
  readonly used: number
}

export interface VenueEquity {
  readonly venueId: string
  /** In the venue's quote asset, at the times of the run. */
  readonly equity: Float64Array
}

/** What a run came to. Plain data: nothing in it changes any more. */
export interface BacktestResult {
  /** When bars or quotes were over, milliseconds since the epoch. */
  readonly times: Float64Array
  /** Worth of all accounts then, in the base currency. */
  readonly equity: Float64Array
  readonly byVenue: readonly VenueEquity[]
  /** In the order they were closed. */
  readonly trades: readonly VenueTrade[]
  /** Positions that were open at the end count in the equity, and in no figure of trades. */
  readonly statistics: RunStatistics
  /** At most the newest 10,000. */
  readonly refusals: readonly Refusal[]
  readonly refusalCount: number
  /** At the end. */
  readonly budgets: readonly BudgetStatus[]
  /** One for each budget and day on which something was in it, and one with nothing when that has ended. */
  readonly budgetUse: readonly BudgetPoint[]
  /** What all strategies of all domains had booked in the ledger at the end of each day, since the beginning. */
  readonly booked: readonly { readonly at: number; readonly result: number }[]
  readonly events: number
  readonly scans: { readonly [strategyId: string]: number }
  /** Hash of the newest journal entry: equal digests mean equal histories. */
  readonly journalDigest: string
  /** The newest entries of the journal. */
  journal(): AsyncIterable<JournalEntry>
}
