import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'

/**
 * POSITION: how many pieces of one asset may be held at one venue, whatever they are worth. Opening posts a positive `position`, closing
 * a negative one; a short counts as its size.
 *
 * @param options `scope` default each asset of each venue; `name` default `max_position`.
 * @example
 * position({ limit: 2 })
 * // 1.5 BTC held: an intent for another 0.5 passes, one for 0.500001 is refused
 */
export function position(options: ConstraintOptions): RiskConstraint {
  const { name = 'max_position', scope = { venue: '*', asset: '*' }, ...rest } = options
  return defineConstraint({
    ...rest,
    name,
    scope,
    type: 'POSITION',
    measure: 'position',
    aggregation: { kind: 'level' },
  })
}
