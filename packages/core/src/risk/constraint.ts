import { z } from 'zod'
import { InvalidInputError } from '../errors/automation-error.ts'
import { type Aggregation, aggregationSchema, type ConstraintSpec } from '../ledger/constraint-spec.ts'
import { guarantee } from '../ledger/limit-at.ts'
import { type Scope, scopeSchema } from '../ledger/scope.ts'
import { type Amount, formatMicros, type Micros, toMicros } from '../money/micros.ts'
import { calendarPeriod } from '../time/calendar-period.ts'
import { nextClockTime } from '../time/next-clock-time.ts'

/**
 * One rule of the shared budget: what is measured, how it adds up, where it holds, and how much is allowed.
 * Made by {@link dailyLoss}, {@link frequency}, {@link exposure} and the like, or {@link defineConstraint}.
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
  /** Parts of the limit that are kept for one domain, strategy, venue or asset each. */
  readonly shares?: ShareOptions
}

/** How a limit is shared out. What is guaranteed to nobody is for everybody. */
export interface ShareOptions {
  readonly by: 'domain' | 'strategy' | 'venue' | 'asset'
  readonly of: {
    readonly [value: string]: {
      /** Units of the base currency, or per cent of the limit as it stands: `100`, `'40%'`. */
      readonly guaranteed: Amount | `${number}%`
      /** May also use what is guaranteed to nobody, and what those who lend leave unused, as long as nobody else uses it. @default false */
      readonly borrows?: boolean
      /** What it leaves unused others may borrow; it has that back when they have given it back. @default false: it is always there */
      readonly lends?: boolean
    }
  }
}

const shareSchema = z
  .strictObject({
    guaranteed: z.union([z.number(), z.string()]),
    borrows: z.boolean().default(false),
    lends: z.boolean().optional(),
  })
  .transform(({ guaranteed, borrows, lends }, context) => {
    if (typeof guaranteed === 'string' && guaranteed.endsWith('%')) {
      const percent = Number(guaranteed.slice(0, -1))
      if (/^\d+(\.\d{1,6})?%$/.test(guaranteed) && percent <= 100) return { percent, borrows, lends }
      context.addIssue({ code: 'custom', message: `expected 0% to 100%, was ${guaranteed}` })
      return z.NEVER
    }
    return { amount: parseLimit(guaranteed, context), borrows, lends }
  })

const definitionSchema = z.strictObject({
  type: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'expected a type such as MAX_HASHES, in capitals'),
  name: z.string().regex(/^[\w.:-]+$/, 'expected a name of letters, digits, _ . : or -'),
  measure: z.string().min(1),
  alsoMeasures: z.array(z.string().min(1)).optional(),
  aggregation: aggregationSchema,
  limit: z.unknown().transform(parseLimit),
  scope: scopeSchema.default({}),
  enforce: z.boolean().default(true),
  bindsReducing: z.boolean().default(false),
  requiresMeasure: z.boolean().optional(),
  shares: z
    .strictObject({
      by: z.enum(['domain', 'strategy', 'venue', 'asset']),
      of: z.record(z.string().min(1), shareSchema),
    })
    .optional(),
})

function parseLimit(limit: unknown, context: z.core.$RefinementCtx): Micros {
  try {
    const micros = toMicros(limit as Amount, 'down')
    if (micros >= 0) return micros
  } catch {
    // Said below, for negative ones too.
  }
  context.addIssue({
    code: 'custom',
    message: `expected a finite amount of at least 0 and at most 9007199254.740991, was ${String(limit)}`,
  })
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
 *   aggregation: { kind: 'calendar', period: 'day', timeZone: 'Europe/Berlin', basis: 'gross' },
 * })
 */
export function defineConstraint(
  options: ConstraintOptions & {
    readonly type: string
    readonly name: string
    readonly measure: string
    /** Further measures that go into the same budget. */
    readonly alsoMeasures?: readonly string[]
    readonly aggregation: Aggregation
    /** Holds for risk-reducing intents too. Only for limits on how often, never on how much. @default false */
    readonly bindsReducing?: boolean
    /** Refuses an intent that does not say the measure, instead of not asking it. @default false */
    readonly requiresMeasure?: boolean
  },
): RiskConstraint {
  const parsed = definitionSchema.safeParse(options)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.length === 0 ? '' : `${path.join('.')}: `}${message}`,
    )
    throw unusableConstraint(options.name, problems.join('; '))
  }
  const { aggregation } = parsed.data
  if (aggregation.kind === 'calendar') calendarPeriod(0, aggregation.timeZone, aggregation.period)
  if (aggregation.kind === 'breaker' && aggregation.unlockAt !== undefined)
    nextClockTime(0, aggregation.unlockAt.time, aggregation.unlockAt.timeZone)
  requireShareable(parsed.data)
  return parsed.data
}

/**
 * The same rule with another limit.
 *
 * @throws {InvalidInputError} `INVALID_CONSTRAINT` for a limit that is no amount of at least 0.
 */
export function withLimit(spec: RiskConstraint, limit: Amount): RiskConstraint {
  const parsed = definitionSchema.shape.limit.safeParse(limit)
  if (!parsed.success) throw unusableConstraint(spec.name, `limit: ${parsed.error.issues[0]?.message ?? ''}`)
  return { ...spec, limit: parsed.data }
}

function requireShareable({ name, limit, shares, aggregation, ...spec }: ConstraintSpec): void {
  if (shares === undefined) return
  if (!['level', 'rolling', 'calendar'].includes(aggregation.kind))
    throw unusableConstraint(name, `shares: a ${aggregation.kind} limit cannot be shared out`)
  const kept = Object.values(shares.of).reduce(
    (sum, share) => sum + guarantee({ ...spec, name, limit, aggregation }, share),
    0,
  )
  if (kept > limit)
    throw unusableConstraint(
      name,
      `shares: guaranteed are ${formatMicros(kept as Micros)} in all, more than the limit of ${formatMicros(limit)}`,
    )
}

/** The error of a constraint that cannot be meant; `problem` begins with the option's name. */
export function unusableConstraint(name: unknown, problem: string): InvalidInputError {
  return new InvalidInputError({
    code: 'INVALID_CONSTRAINT',
    message: `constraint ${JSON.stringify(name)} is not usable: ${problem}`,
  })
}
