import type { Intent } from '../intent/intent.ts'
import type { AccountOperation, ExactPosting } from '../journal/fact.ts'
import type { Micros } from '../money/micros.ts'
import type { Budget } from './budget.ts'
import type { ConstraintSpec } from './constraint-spec.ts'

/** A reservation that has not ended. */
export interface OpenReservation {
  readonly id: string
  readonly intent: Intent
  expiresAt: number
  amounts: readonly { readonly budget: string; readonly amount: Micros }[]
  readonly requested: readonly ExactPosting[]
  /** Set once the intent was written down as sent: from then on only the venue's word ends it. */
  idempotencyKey: string | undefined
  /** Its fate was unknown at least once. */
  isInDoubt: boolean
  /** What it takes off the exposure of its venue and asset. */
  readonly reduction: Micros
}

export type Ending = 'settled' | 'released' | 'expired'

/** Exposure at one venue in one asset. */
export interface Stake {
  exposure: Micros
  /** What open reservations are taking off it. */
  reducing: Micros
}

/**
 * Every budget and open reservation. Only {@link evolve} changes it, one fact at a time; everything else reads.
 */
export interface LedgerState {
  readonly constraints: Map<string, ConstraintSpec>
  /** Name → the rule as a configuration last had it, in canonical JSON: a limit changed at run time outlives a restart. */
  readonly configured: Map<string, string>
  /** Names of the rules that somebody has set by hand: a configuration may only lower their limits. */
  readonly setByHand: Set<string>
  /** `<constraint>@<scope key>` → account. */
  readonly budgets: Map<string, Budget>
  readonly reservations: Map<string, OpenReservation>
  /** Reservations that were not sent yet and may expire. */
  readonly unsent: Set<string>
  /** Ids of reservations that have ended and how, newest last, bounded. */
  readonly ended: Map<string, Ending>
  /** Ids that were refused, newest last, bounded: apart, so that no flood of refusals makes what was done forgotten. */
  readonly refused: Set<string>
  /** Operations on accounts by id, newest last, bounded; a code where the id is burnt. */
  readonly operations: Map<string, AccountOperation | { readonly failed: string }>
  /** Scope in words → state; absent means active. */
  readonly tradingStates: Map<string, { scope: string; state: 'reducing' | 'halted'; reason: string }>
  readonly exposure: {
    readonly domain: Map<string, Micros>
    readonly venue: Map<string, Micros>
    readonly asset: Map<string, Micros>
    /** By {@link stakeKey}; those that came back to zero stay known. */
    readonly stakes: Map<string, Stake>
  }
  /** Σ of `loss` and `unrealised-loss` postings of the running UTC day. */
  lossToday: { dayEndMs: number; sum: Micros }
  /** The same since the ledger began: equity = equity at the start − this. */
  lossEver: Micros
  /** Results of ended UTC days as losses, oldest first, bounded; days without a posting are left out. */
  readonly pastDays: { readonly dayEndMs: number; readonly loss: Micros }[]
  /** Time of the newest fact: the ledger's time runs backwards where somebody sets it back alone. */
  lastAtMs: number
}

/** Has an intent of this id ended, as far back as is remembered? */
export function isOver({ ended, refused }: LedgerState, id: string): boolean {
  return ended.has(id) || refused.has(id)
}

/** The key of a {@link Stake}. */
export function stakeKey(venueId: string, asset: string | undefined): string {
  return `${venueId.length}:${venueId}${asset ?? ''}`
}
