import type { AccessList } from '../../ledger/constraint-spec.ts'
import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'

interface ListOptions extends Omit<ConstraintOptions, 'limit' | 'shares'> {
  readonly field: AccessList['field']
  readonly values: readonly string[]
}

/**
 * ALLOW_LIST: new risk in these values of a field alone. An intent without the field is refused; reducing passes.
 *
 * @example
 * allowList({ name: 'majors', field: 'asset', values: ['BTC/USDT', 'ETH/USDT'], scope: { domain: 'crypto' } })
 */
export function allowList(options: ListOptions): RiskConstraint {
  return list('allow', options)
}

/**
 * DENY_LIST: no new risk in these values of a field; reducing passes.
 *
 * @example
 * denyList({ name: 'delisted', field: 'asset', values: ['LUNA/USDT'] })
 */
export function denyList(options: ListOptions): RiskConstraint {
  return list('deny', options)
}

function list(rule: AccessList['rule'], options: ListOptions): RiskConstraint {
  const { field, values, name = `${rule}_${field}`, ...rest } = options
  return defineConstraint({
    ...rest,
    name,
    type: rule === 'allow' ? 'ALLOW_LIST' : 'DENY_LIST',
    measure: 'count',
    limit: 0,
    aggregation: { kind: 'list', field, rule, values },
  })
}
