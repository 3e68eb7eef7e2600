import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'

/** What counts as a result: what was realised, and what holdings are worth less than before. */
export type Results = 'realised' | 'realised-and-unrealised'

export function measuresOf(results: Results): { readonly measure: string; readonly alsoMeasures?: readonly string[] } {
  return results === 'realised' ? { measure: 'loss' } : { measure: 'loss', alsoMeasures: ['unrealised-loss'] }
}

/**
 * DAILY_LOSS: how much may be lost in one calendar day.
 *
 * `net` (default): used = max(0, Σ results as losses); a gain later in the day gives budget back. `gross`: used = Σ of losing results
 * alone. Available = limit − used − reserved. Unrealised results count where they are recorded as `unrealised-loss`.
 *
 * @param options `timeZone` of the day, default `UTC`; `basis` default `net`; `results` default `realised-and-unrealised`; `name`
 *   default `max_daily_loss`.
 * @example
 * dailyLoss({ limit: 500, timeZone: 'Europe/Berlin' })
 * // trading loses 300 → an intent that could lose 200.01 is refused, one of 200.00 passes
 */
export function dailyLoss(
  options: ConstraintOptions & {
    readonly timeZone?: string
    readonly basis?: 'net' | 'gross'
    readonly results?: Results
  },
): RiskConstraint {
  const {
    timeZone = 'UTC',
    basis = 'net',
    results = 'realised-and-unrealised',
    name = 'max_daily_loss',
    ...rest
  } = options
  return defineConstraint({
    ...rest,
    name,
    type: 'DAILY_LOSS',
    ...measuresOf(results),
    aggregation: { kind: 'calendar', period: 'day', timeZone, basis },
  })
}
