import { z } from 'zod'
import { InvalidInputError } from '../errors/automation-error.ts'
import type { Aggregation, ConstraintSpec } from '../ledger/constraint-spec.ts'
import { type Scope, scopeSchema } from '../ledger/scope.ts'
import { type Amount, toMicros } from '../money/micros.ts'
import { calendarDay } from '../time/calendar-day.ts'

/**
 * One rule of the shared budget: what is measured, how it adds up, where it holds, and how much is allowed.
 * Made by {@link dailyLoss}, {@link frequency}, {@link operatingCost}, {@link exposure} or {@link defineConstraint}.
 */
export type RiskConstraint = ConstraintSpec

/** What all constraints can be told. */
export interface ConstraintOptions {
  /** Unique among the constraints of one budget; appears in every refusal. */
  readonly name?: string
  /** Units of the base currency, or pieces. 0 blocks everything it covers. */
  readonly limit: Amount
  /** @default everywhere, one budget */
  readonly scope?: Scope
  /** `false` notes what would have been refused and refuses nothing (shadow mode). @default true */
  readonly enforce?: boolean
}

const definitionSchema = z.strictObject({
  type: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'expected a type such as MAX_HASHES, in capitals'),
  name: z.string().regex(/^[\w.:-]+$/, 'expected a name of letters, digits, _ . : or -'),
  measure: z.string().min(1),
  scope: scopeSchema,
  enforce: z.boolean(),
  bindsReducing: z.boolean(),
})

/**
 * A constraint of one's own, for any measure that one's intents carry.
 *
 * @throws {InvalidInputError} `INVALID_CONSTRAINT` with what was wrong.
 * @example
 * // at most 200 kWh a day, whatever runs on it
 * const energy = defineConstraint({
 *   type: 'ENERGY', name: 'energy_per_day', measure: 'kwh', limit: 200,
 *   aggregation: { kind: 'calendar-day', timeZone: 'Europe/Berlin', basis: 'gross' },
 * })
 */
export function defineConstraint(
  options: ConstraintOptions & {
    readonly type: string
    readonly name: string
    readonly measure: string
    readonly aggregation: Aggregation
    /** Holds for risk-reducing intents too. Only for limits on how often, never on how much. @default false */
    readonly bindsReducing?: boolean
  },
): RiskConstraint {
  const parsed = definitionSchema.safeParse({
    type: options.type,
    name: options.name,
    measure: options.measure,
    scope: options.scope ?? {},
    enforce: options.enforce ?? true,
    bindsReducing: options.bindsReducing ?? false,
  })
  if (!parsed.success)
    throw invalid(
      options.name,
      parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    )
  let limit: ReturnType<typeof toMicros>
  try {
    limit = toMicros(options.limit, 'down')
  } catch (cause) {
    throw invalid(options.name, `limit: expected a finite number of at least 0, was ${String(options.limit)}`, cause)
  }
  if (limit < 0) throw invalid(options.name, `limit: expected at least 0, was ${String(options.limit)}`)
  const { aggregation } = options
  if (aggregation.kind === 'rolling' && !(aggregation.lengthMs > 0))
    throw invalid(options.name, 'window: expected a positive length')
  if (aggregation.kind === 'calendar-day') calendarDay(0, aggregation.timeZone)
  return { ...parsed.data, aggregation, limit }
}

function invalid(name: string, problem: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError({
    code: 'INVALID_CONSTRAINT',
    message: `constraint ${JSON.stringify(name)} is not usable: ${problem}`,
    cause,
  })
}
