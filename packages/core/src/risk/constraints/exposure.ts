import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'

/**
 * EXPOSURE: how much may be at stake at one time. Opening posts a positive `exposure`, closing a negative one.
 *
 * used = Σ postings; a list of assets in the scope is one budget for all of them, for assets that fall together.
 *
 * @example
 * exposure({ limit: 10_000, scope: { asset: '*' }, name: 'max_exposure_per_asset' })
 * exposure({ limit: 15_000, scope: { asset: ['BTC', 'ETH', 'SOL'] }, name: 'large_coins' })
 * // 9,000 in BTC and 5,000 in ETH: 1,000 are free for SOL
 */
export function exposure(options: ConstraintOptions): RiskConstraint {
  const { name = 'max_exposure', ...rest } = options
  return defineConstraint({ ...rest, name, type: 'EXPOSURE', measure: 'exposure', aggregation: { kind: 'level' } })
}
