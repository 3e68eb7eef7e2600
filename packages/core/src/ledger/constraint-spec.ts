import { z } from 'zod'
import type { Micros } from '../money/micros.ts'
import type { Scope } from './scope.ts'

/**
 * How amounts of one measure add up to what is compared with the limit.
 *
 * - `per-intent`: each intent alone.
 * - `level`: a stock that rises and falls; what counts is where it stands.
 * - `rolling`: the postings of the last `lengthMs`.
 * - `calendar-day`: the postings of the running day in `timeZone`.
 *
 * `basis` says what gains do: `net` gives budget back (used = max(0, Σ)), `gross` counts losing postings alone (used = Σ max(0, x)).
 */
export type Aggregation =
  | { readonly kind: 'per-intent' }
  | { readonly kind: 'level' }
  | { readonly kind: 'rolling'; readonly lengthMs: number; readonly basis: 'net' | 'gross' }
  | { readonly kind: 'calendar-day'; readonly timeZone: string; readonly basis: 'net' | 'gross' }

const basisSchema = z.enum(['net', 'gross'])

export const aggregationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('per-intent') }),
  z.strictObject({ kind: z.literal('level') }),
  z.strictObject({ kind: z.literal('rolling'), lengthMs: z.number().min(1), basis: basisSchema }),
  z.strictObject({ kind: z.literal('calendar-day'), timeZone: z.string(), basis: basisSchema }),
])

/** A rule as the ledger keeps it: data only, exact, the same in every process. */
export interface ConstraintSpec {
  readonly name: string
  readonly type: string
  readonly measure: string
  readonly aggregation: Aggregation
  readonly scope: Scope
  readonly limit: Micros
  /** False: shadow mode, notes what it would have refused. */
  readonly enforce: boolean
  /** True for limits that hold for risk-reducing intents too (frequency). */
  readonly bindsReducing: boolean
}
