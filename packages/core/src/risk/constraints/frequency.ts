import { type Duration, durationMs } from '../../time/duration.ts'
import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'
import { requireLength, requirePieces } from './meant-option.ts'

/**
 * FREQUENCY: at most `limit` actions in any stretch of `per`. The one constraint that also holds for actions that reduce risk, since a
 * venue that bans us for hammering it helps nobody; leave room in it for them.
 *
 * @example
 * frequency({ limit: 60, per: '1h', scope: { venue: '*' } })
 */
export function frequency(options: ConstraintOptions & { readonly per: Duration }): RiskConstraint {
  const { per, name = 'max_frequency', ...rest } = options
  requirePieces(name, 'limit', rest.limit, 0)
  requireLength(name, 'per', per)
  return defineConstraint({
    ...rest,
    name,
    type: 'FREQUENCY',
    measure: 'count',
    aggregation: { kind: 'rolling', lengthMs: durationMs(per), basis: 'gross' },
    bindsReducing: true,
  })
}
