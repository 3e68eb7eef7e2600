import { z } from 'zod'
import type { Micros } from '../money/micros.ts'
import type { Scope } from './scope.ts'

/**
 * How amounts of one measure add up to what is compared with the limit.
 *
 * - `per-intent`: each intent alone.
 * - `level`: a stock that rises and falls; what counts is where it stands.
 * - `rolling`: the postings of the last `lengthMs`.
 * - `calendar`: the postings of the running day, week (from Monday) or month in `timeZone`.
 * - `drawdown`: how far the result has fallen from its peak. Reaching the limit trips the budget until it is re-armed by hand. With
 *   `startEquity` the limit is in per cent of the equity at the peak.
 * - `concentration`: the level as a share of the whole level of the measure, the limit in per cent. The whole counts as at least `totalMin`.
 * - `breaker`: trips by a rule over closed positions or outcomes, and lets no new risk through until its lock ends.
 * - `list`: which values of one field are allowed or denied; nothing is added up.
 *
 * `basis` says what gains do: `net` gives budget back (used = max(0, Σ)), `gross` counts losing postings alone (used = Σ max(0, x)).
 */
export type Aggregation =
  | { readonly kind: 'per-intent' }
  | { readonly kind: 'level' }
  | { readonly kind: 'rolling'; readonly lengthMs: number; readonly basis: 'net' | 'gross' }
  | {
      readonly kind: 'calendar'
      readonly period: 'day' | 'week' | 'month'
      readonly timeZone: string
      readonly basis: 'net' | 'gross'
    }
  | { readonly kind: 'drawdown'; readonly startEquity?: Micros | undefined }
  | { readonly kind: 'concentration'; readonly totalMin: Micros }
  | Breaker
  | AccessList

/** Trips by a rule over what happened, and then stops new risk for a time. */
export interface Breaker {
  readonly kind: 'breaker'
  /** What it looks at: positions that were closed, or how requests to venues ended. */
  readonly feed: 'closed-positions' | 'outcomes'
  readonly rule: BreakerRule
  /** Events older than this do not count. Absent: the newest thousand. */
  readonly lookbackMs?: number | undefined
  /** How long it stops, from the newest event that counted. */
  readonly stopMs: number
  /** Instead of `stopMs`: until the next time a clock in `timeZone` shows `time` (`05:00`). */
  readonly unlockAt?: { readonly time: string; readonly timeZone: string } | undefined
  /** The end is moved to the next multiple of this (strictly later), such as the start of the next bar. */
  readonly roundUpToMs?: number | undefined
  /** Long and short are judged and locked apart. */
  readonly perSide: boolean
}

/**
 * When a breaker trips. `limit` is the constraint's.
 *
 * - `count`: at least `limit` events, of adverse ones alone where `adverseOnly`, with a ratio below `ratioBelow` where given.
 * - `streak`: the newest `limit` closed positions all lost.
 * - `sum`: at least `limit` events whose ratios add up to less than `ratioBelow`.
 * - `drop`: at least `countMin` events, and the running sum of ratios (from 0) has fallen by more than `limit` from its peak.
 * - `adverse-share`: at least `countMin` events, of which `limit` per cent or more were adverse.
 *
 * Adverse: closed by a stop; or an outcome that failed or stayed in doubt.
 */
export type BreakerRule =
  | { readonly kind: 'count'; readonly adverseOnly: boolean; readonly ratioBelow?: Micros | undefined }
  | { readonly kind: 'streak' }
  | { readonly kind: 'sum'; readonly ratioBelow: Micros }
  | { readonly kind: 'drop'; readonly countMin: number }
  | { readonly kind: 'adverse-share'; readonly countMin: number }

/** Which values of one field may take new risk. */
export interface AccessList {
  readonly kind: 'list'
  readonly field: 'domain' | 'strategyId' | 'venueId' | 'asset' | 'action'
  /** `allow`: only these. `deny`: all but these. */
  readonly rule: 'allow' | 'deny'
  readonly values: readonly string[]
}

const basisSchema = z.enum(['net', 'gross'])
const micros = z
  .number()
  .int()
  .transform(value => value as Micros)

const breakerRuleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('count'), adverseOnly: z.boolean(), ratioBelow: micros.optional() }),
  z.strictObject({ kind: z.literal('streak') }),
  z.strictObject({ kind: z.literal('sum'), ratioBelow: micros }),
  z.strictObject({ kind: z.literal('drop'), countMin: z.number().int().min(0) }),
  z.strictObject({ kind: z.literal('adverse-share'), countMin: z.number().int().min(1) }),
])

export const aggregationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('per-intent') }),
  z.strictObject({ kind: z.literal('level') }),
  z.strictObject({ kind: z.literal('rolling'), lengthMs: z.number().min(1), basis: basisSchema }),
  z.strictObject({
    kind: z.literal('calendar'),
    period: z.enum(['day', 'week', 'month']),
    timeZone: z.string(),
    basis: basisSchema,
  }),
  z.strictObject({ kind: z.literal('drawdown'), startEquity: micros.optional() }),
  z.strictObject({ kind: z.literal('concentration'), totalMin: micros }),
  z.strictObject({
    kind: z.literal('breaker'),
    feed: z.enum(['closed-positions', 'outcomes']),
    rule: breakerRuleSchema,
    lookbackMs: z.number().min(1).optional(),
    stopMs: z.number().min(0),
    unlockAt: z
      .strictObject({ time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected HH:MM'), timeZone: z.string() })
      .optional(),
    roundUpToMs: z.number().min(1).optional(),
    perSide: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('list'),
    field: z.enum(['domain', 'strategyId', 'venueId', 'asset', 'action']),
    rule: z.enum(['allow', 'deny']),
    values: z.array(z.string().min(1)).max(10_000),
  }),
])

/** A part of a limit that is kept for one domain, strategy, venue or asset. */
export interface Share {
  /** What is guaranteed: an amount, or per cent of the limit as it stands. */
  readonly amount?: Micros | undefined
  readonly percent?: number | undefined
  /** May use, beyond what is guaranteed to it, what others leave unused. */
  readonly borrows: boolean
  /** What it leaves unused may be used by those who borrow. */
  readonly lends?: boolean | undefined
}

/** How a limit is shared out by one field of the scope. Who has no share may only use what is guaranteed to nobody. */
export interface Shares {
  readonly by: 'domain' | 'strategy' | 'venue' | 'asset'
  readonly of: { readonly [value: string]: Share }
}

/** A rule as the ledger keeps it: data only, exact, the same in every process. */
export interface ConstraintSpec {
  readonly name: string
  readonly type: string
  readonly measure: string
  /** Further measures that go into the same budget. */
  readonly alsoMeasures?: readonly string[] | undefined
  readonly aggregation: Aggregation
  readonly scope: Scope
  readonly limit: Micros
  /** False: shadow mode, notes what it would have refused. */
  readonly enforce: boolean
  /** True for limits that hold for risk-reducing intents too (frequency). */
  readonly bindsReducing: boolean
  /** True: an intent that does not say the measure is refused, instead of not being asked. */
  readonly requiresMeasure?: boolean | undefined
  readonly shares?: Shares | undefined
}
