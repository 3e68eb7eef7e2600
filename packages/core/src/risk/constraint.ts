import { z } from 'zod'
import { InvalidInputError } from '../errors/automation-error.ts'
import { type Aggregation, aggregationSchema, type ConstraintSpec } from '../ledger/constraint-spec.ts'
import { type Scope, scopeSchema } from '../ledger/scope.ts'
import { type Amount, type Micros, toMicros } from '../money/micros.ts'
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
  aggregation: aggregationSchema,
  limit: z.unknown().transform(parseLimit),
  scope: scopeSchema.default({}),
  enforce: z.boolean().default(true),
  bindsReducing: z.boolean().default(false),
})

function parseLimit(limit: unknown, context: z.core.$RefinementCtx): Micros {
  try {
    const micros = toMicros(limit as Amount, 'down')
    if (micros >= 0) return micros
  } catch {
    // Said below, for negative ones too.
  }
  context.addIssue({ code: 'custom', message: `expected a finite amount of at least 0, was ${String(limit)}` })
  return z.NEVER
}

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
  const parsed = definitionSchema.safeParse(options)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.length === 0 ? '' : `${path.join('.')}: `}${message}`,
    )
    throw new InvalidInputError({
      code: 'INVALID_CONSTRAINT',
      message: `constraint ${JSON.stringify(options.name)} is not usable: ${problems.join('; ')}`,
    })
  }
  const { aggregation } = parsed.data
  if (aggregation.kind === 'calendar-day') calendarDay(0, aggregation.timeZone)
  return parsed.data
}
