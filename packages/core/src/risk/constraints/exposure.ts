import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'

/**
 * EXPOSURE: how much may be at stake at one time. Opening posts a positive `exposure`, closing a negative one.
 *
 * @example
 * exposure({ limit: 10_000, scope: { asset: '*' }, name: 'max_exposure_per_asset' })
 */
export function exposure(options: ConstraintOptions): RiskConstraint {
  const { name = 'max_exposure', ...rest } = options
  return defineConstraint({ ...rest, name, type: 'EXPOSURE', measure: 'exposure', aggregation: { kind: 'level' } })
}
