import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'

/**
 * DAILY_LOSS: how much may be lost in one calendar day.
 *
 * `net` (default): used = max(0, Σ results as losses); a gain later in the day gives budget back. `gross`: used = Σ of losing results
 * alone. Available = limit − used − reserved.
 *
 * @param options `timeZone` of the day, default `UTC`; `basis` default `net`; `name` default `max_daily_loss`.
 * @example
 * dailyLoss({ limit: 500, timeZone: 'Europe/Berlin' })
 * // trading loses 300 → an intent that could lose 200.01 is refused, one of 200.00 passes
 */
export function dailyLoss(
  options: ConstraintOptions & { readonly timeZone?: string; readonly basis?: 'net' | 'gross' },
): RiskConstraint {
  const { timeZone = 'UTC', basis = 'net', name = 'max_daily_loss', ...rest } = options
  return defineConstraint({
    ...rest,
    name,
    type: 'DAILY_LOSS',
    measure: 'loss',
    aggregation: { kind: 'calendar-day', timeZone, basis },
  })
}
