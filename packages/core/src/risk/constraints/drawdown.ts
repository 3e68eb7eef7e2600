import { type Amount, toMicros } from '../../money/micros.ts'
import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'
import { measuresOf } from './daily-loss.ts'
import { requireAboveZero, requirePercent } from './meant-option.ts'

/**
 * DRAWDOWN: how far the result may fall from its peak. The peak is kept in the ledger and survives restarts.
 *
 * used = peak − now, over realised and unrealised results, the peak at least 0 (the start). Once the fall reaches the limit the budget
 * trips: no new risk, also after a recovery, until `risk.rearm(name, reason, by)`, from which on the result counts as the peak.
 *
 * @param options `limit` in units of the base currency; or `percent` of the equity at the peak, which is `startEquity` + the best result.
 *   `name` default `max_drawdown`.
 * @example
 * drawdown({ limit: 1000 })
 * // +400, then −1100: 300 are free, though only 700 are lost since the start; another −300 trips it
 * drawdown({ percent: 10, startEquity: 10_000 })
 * // +2000: the peak is 12,000, so a fall to 10,800 trips it
 */
export function drawdown(
  options: Omit<ConstraintOptions, 'limit' | 'shares'> &
    (
      | { readonly limit: Amount; readonly percent?: undefined; readonly startEquity?: undefined }
      | { readonly limit?: undefined; readonly percent: number; readonly startEquity: Amount }
    ),
): RiskConstraint {
  const { name = 'max_drawdown', limit, percent, startEquity, ...rest } = options
  if (percent !== undefined) {
    requirePercent(name, 'percent', percent)
    requireAboveZero(name, 'startEquity', startEquity)
  }
  return defineConstraint({
    ...rest,
    name,
    type: 'DRAWDOWN',
    ...measuresOf('realised-and-unrealised'),
    limit: limit ?? percent ?? Number.NaN,
    aggregation: {
      kind: 'drawdown',
      ...(startEquity === undefined ? {} : { startEquity: toMicros(startEquity, 'down') }),
    },
  })
}
