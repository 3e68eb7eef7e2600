import { type Duration, durationMs } from '../../time/duration.ts'
import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'
import { measuresOf, type Results } from './daily-loss.ts'
import { requireLength } from './meant-option.ts'

/** A window that moves with the time, or a calendar one in a time zone. */
export type LossWindow =
  | { readonly last: Duration }
  | { readonly calendar: 'day' | 'week' | 'month'; readonly timeZone?: string }

/**
 * LOSS_WINDOW: how much may be lost in any stretch of time (`last`), or in each calendar day, week (from Monday) or month.
 *
 * used = max(0, Σ results of the window as losses), or with `basis: 'gross'` the sum of losing results alone.
 *
 * @param options `basis` default `net`; `results` default `realised-and-unrealised`; `name` default `max_window_loss`.
 * @example
 * lossWindow({ limit: 1500, window: { calendar: 'week', timeZone: 'Europe/Berlin' } })
 * // 900 lost on Monday, 400 on Wednesday: 200 are free until Sunday midnight in Berlin
 * lossWindow({ name: 'hourly_loss', limit: 100, window: { last: '1h' } })
 * // 100 lost at 10:00: refused until 11:00
 */
export function lossWindow(
  options: ConstraintOptions & {
    readonly window: LossWindow
    readonly basis?: 'net' | 'gross'
    readonly results?: Results
  },
): RiskConstraint {
  const { window, basis = 'net', results = 'realised-and-unrealised', name = 'max_window_loss', ...rest } = options
  if ('last' in window) requireLength(name, 'window.last', window.last)
  return defineConstraint({
    ...rest,
    name,
    type: 'LOSS_WINDOW',
    ...measuresOf(results),
    aggregation:
      'last' in window
        ? { kind: 'rolling', lengthMs: durationMs(window.last), basis }
        : { kind: 'calendar', period: window.calendar, timeZone: window.timeZone ?? 'UTC', basis },
  })
}
