const dayMs = 86_400_000

/** How the bars of a history are spaced, and what follows for yearly figures. */
export interface BarSpacing {
  /** Median of the newest steps, milliseconds; 0 for fewer than two bars. */
  readonly stepMs: number
  /** The unit that durations are rounded up to. */
  readonly unitMs: number
  readonly period: 'day' | 'week' | 'month' | 'year'
  /** Periods in a year: 252 trading days, 365 days where weekends are traded. */
  readonly periodsPerYear: number
}

/** Points whose steps the median is taken of. */
const pointsMax = 100

export function spacingOf(times: ArrayLike<number>): BarSpacing {
  const newest = Array.from(
    { length: Math.min(pointsMax, times.length) },
    (_, i) => times[times.length - 1 - i] as number,
  )
  const steps = newest.slice(1).map((time, i) => (newest[i] as number) - time)
  const stepMs = medianOf(steps)
  const days = Math.floor(stepMs / dayMs)
  const unitMs = [dayMs, 3_600_000, 60_000, 1000].find(unit => stepMs % unit === 0) ?? 1
  if (days === 7) return { stepMs, unitMs, period: 'week', periodsPerYear: 52 }
  if (days === 31) return { stepMs, unitMs, period: 'month', periodsPerYear: 12 }
  if (days === 365) return { stepMs, unitMs, period: 'year', periodsPerYear: 1 }
  let onWeekends = 0
  for (let i = 0; i < times.length; i++) if (isWeekend(times[i] as number)) onWeekends++
  const isEveryDay = onWeekends / times.length > (2 / 7) * 0.6
  return { stepMs, unitMs, period: 'day', periodsPerYear: isEveryDay ? 365 : 252 }
}

/** Simple changes of the last equity of each period; periods without a bar are left out, and those that began with nothing. */
export function periodReturns(
  times: ArrayLike<number>,
  equity: ArrayLike<number>,
  period: BarSpacing['period'],
): number[] {
  const lasts: number[] = []
  let current = Number.NaN
  for (let i = 0; i < times.length; i++) {
    const key = periodKey(times[i] as number, period)
    if (key === current) lasts[lasts.length - 1] = equity[i] as number
    else lasts.push(equity[i] as number)
    current = key
  }
  return lasts
    .slice(1)
    .map((value, i) => value / (lasts[i] as number) - 1)
    .filter(value => !Number.isNaN(value))
}

/** 1970-01-01 was a Thursday. */
function isWeekend(time: number): boolean {
  const weekday = (((Math.floor(time / dayMs) + 4) % 7) + 7) % 7
  return weekday === 0 || weekday === 6
}

function periodKey(time: number, period: BarSpacing['period']): number {
  const day = Math.floor(time / dayMs)
  // Weeks end with Sunday.
  if (period === 'week') return Math.floor((day + 3) / 7)
  if (period === 'day') return day
  const date = new Date(time)
  return period === 'year' ? date.getUTCFullYear() : date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function medianOf(values: readonly number[]): number {
  if (values.length === 0) return 0
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] as number) + upper) / 2
}
