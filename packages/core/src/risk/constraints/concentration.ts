import { type Amount, toMicros } from '../../money/micros.ts'
import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'
import { requireAboveZero, requirePercent } from './meant-option.ts'

/**
 * CONCENTRATION: which share of all exposure one asset (or venue, or domain) may have.
 *
 * used + asked ≤ percent × max(`ofAtLeast`, whole), where the whole is all exposure that is posted, this intent included; what others have
 * only reserved may be given back and does not count. `ofAtLeast` lets the first position in.
 *
 * @param options `scope` default each asset; a scope with one domain takes that domain's exposure for the whole. `name` default
 *   `max_concentration`.
 * @example
 * concentration({ percent: 25, ofAtLeast: 10_000 })
 * // 2,500 of BTC pass; with 30,000 elsewhere 10,000 of BTC pass (10,000 of 40,000), 10,000.01 do not
 */
export function concentration(
  options: Omit<ConstraintOptions, 'limit' | 'shares'> & { readonly percent: Amount; readonly ofAtLeast: Amount },
): RiskConstraint {
  const { name = 'max_concentration', scope = { asset: '*' }, percent, ofAtLeast, ...rest } = options
  requirePercent(name, 'percent', percent)
  requireAboveZero(name, 'ofAtLeast', ofAtLeast)
  return defineConstraint({
    ...rest,
    name,
    scope,
    type: 'CONCENTRATION',
    measure: 'exposure',
    limit: percent,
    aggregation: { kind: 'concentration', totalMin: toMicros(ofAtLeast, 'down') },
  })
}
