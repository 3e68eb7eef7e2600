import { type Duration, durationMs } from '../../time/duration.ts'
import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'
import { requireLength } from './meant-option.ts'

/**
 * OPERATING_COST: what may be spent on running things (power, fees, upkeep) in any stretch of `per`; income does not give it back.
 *
 * @example
 * operatingCost({ limit: 30, per: '1d', scope: { domain: 'gpu' } })
 */
export function operatingCost(options: ConstraintOptions & { readonly per?: Duration }): RiskConstraint {
  const { per = '1d', name = 'max_operating_cost', ...rest } = options
  requireLength(name, 'per', per)
  return defineConstraint({
    ...rest,
    name,
    type: 'OPERATING_COST',
    measure: 'operating-cost',
    aggregation: { kind: 'rolling', lengthMs: durationMs(per), basis: 'gross' },
  })
}
