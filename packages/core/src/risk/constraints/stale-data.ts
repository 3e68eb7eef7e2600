import { type Duration, durationMs } from '../../time/duration.ts'
import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'

/**
 * STALE_DATA: how old the observation behind an intent may be when the intent is reserved. An intent that does not say `observedAt`, or
 * says one in the future, is refused.
 *
 * @param options `maxAge`; `name` default `stale_data`.
 * @example
 * staleData({ maxAge: '30s' })
 * // observed 30 s ago passes, 30.001 s ago is refused
 */
export function staleData(
  options: Omit<ConstraintOptions, 'limit' | 'shares'> & { readonly maxAge: Duration },
): RiskConstraint {
  const { name = 'stale_data', maxAge, ...rest } = options
  return defineConstraint({
    ...rest,
    name,
    type: 'STALE_DATA',
    measure: 'data-age',
    limit: durationMs(maxAge) / 1000,
    aggregation: { kind: 'per-intent' },
    requiresMeasure: true,
  })
}
