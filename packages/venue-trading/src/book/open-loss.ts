import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '@org/core'

/**
 * OPEN_LOSS: what all open orders and positions together may still lose, down to their stops. A daily loss limit counts an order's worst case
 * until its receipt alone; this one counts it until the position is closed.
 *
 * @example
 * openLoss({ limit: 1_000 })
 * // 0.1 BTC bought at 60,000 with a stop at 59,000: 112 are used, with fees; 888 are free
 */
export function openLoss(options: ConstraintOptions): RiskConstraint {
  const { name = 'max_open_loss', ...rest } = options
  return defineConstraint({ ...rest, name, type: 'OPEN_LOSS', measure: 'open-loss', aggregation: { kind: 'level' } })
}
