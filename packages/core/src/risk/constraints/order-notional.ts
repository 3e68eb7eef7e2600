import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'

/**
 * ORDER_NOTIONAL: how large one action may be, by the `notional` that its intent says. Nothing is added up.
 *
 * @param options `name` default `max_order_notional`.
 * @example
 * orderNotional({ limit: 5000 })
 * // an intent of notional 5,000 passes, one of 5,000.01 is refused, however little was done before
 */
export function orderNotional(options: Omit<ConstraintOptions, 'shares'>): RiskConstraint {
  const { name = 'max_order_notional', ...rest } = options
  return defineConstraint({
    ...rest,
    name,
    type: 'ORDER_NOTIONAL',
    measure: 'notional',
    aggregation: { kind: 'per-intent' },
  })
}
