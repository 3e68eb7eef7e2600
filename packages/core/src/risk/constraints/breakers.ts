import type { Breaker, BreakerRule } from '../../ledger/constraint-spec.ts'
import type { Scope } from '../../ledger/scope.ts'
import { type Amount, toMicros } from '../../money/micros.ts'
import { type Duration, durationMs } from '../../time/duration.ts'
import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'
import { requireLength, requirePercent, requirePieces } from './meant-option.ts'

/** What all breakers can be told. They stop new risk alone: reducing passes. Locks are kept in the ledger and survive restarts. */
export interface BreakerOptions extends Omit<ConstraintOptions, 'limit' | 'shares'> {
  /** Only what happened in the last stretch of this length counts. */
  readonly lookback?: Duration
  /** How long it stops, from the newest event that counted. @default '1h' */
  readonly stopFor?: Duration
  /** Instead: until the next time a clock shows this. */
  readonly unlockAt?: { readonly time: string; readonly timeZone: string }
  /** The end is moved to the next multiple of this, strictly later: the start of the next bar. */
  readonly roundUpTo?: Duration
  /** Judge and stop sides (long, short) apart. @default false */
  readonly perSide?: boolean
}

/**
 * STOP_LOSS_GUARD: stops after `stops` positions of the last `lookback` were closed by a stop with a ratio below `requiredProfit`.
 *
 * @param options `lookback` default 1 h, `requiredProfit` default 0, `scope` default everywhere; `{ asset: '*' }` judges each asset.
 * @example
 * stopLossGuard({ stops: 3, lookback: '1h', stopFor: '40m' })
 * // stops hit at 10:00, 10:10 and 10:20: no new risk until 11:00
 */
export function stopLossGuard(
  options: BreakerOptions & { readonly stops: number; readonly requiredProfit?: Amount },
): RiskConstraint {
  const { stops, requiredProfit = 0, ...rest } = options
  requirePieces(rest.name ?? 'stop_loss_guard', 'stops', stops, 1)
  return breaker('STOP_LOSS_GUARD', 'stop_loss_guard', stops, rest, {
    kind: 'count',
    adverseOnly: true,
    ratioBelow: toMicros(requiredProfit, 'down'),
  })
}

/**
 * COOLDOWN: stops an asset for `stopFor` after any closed position in it, won or lost.
 *
 * @param options `scope` default each asset.
 * @example
 * cooldown({ stopFor: '15m' })
 * // a position in BTC closed at 10:00: nothing new in BTC before 10:15, in ETH at once
 */
export function cooldown(options: BreakerOptions): RiskConstraint {
  const { stopFor = '1h', lookback, unlockAt, ...rest } = options
  // What is older than the stop has ended; with a clock time it may be a day.
  const reach = lookback ?? (unlockAt === undefined ? Math.max(durationMs(stopFor), 3_600_000) : '2d')
  const scoped = {
    scope: { asset: '*' },
    ...rest,
    lookback: reach,
    stopFor,
    ...(unlockAt === undefined ? {} : { unlockAt }),
  }
  return breaker('COOLDOWN', 'cooldown', 1, scoped, { kind: 'count', adverseOnly: false })
}

/**
 * LOW_PROFIT: stops an asset when at least `positions` were closed in the last `lookback` and their ratios add up to less than
 * `requiredProfit`.
 *
 * @param options `lookback` default 1 h, `requiredProfit` default 0, `scope` default each asset.
 * @example
 * lowProfitLock({ positions: 2, lookback: '6h', stopFor: '1h', requiredProfit: 0.01 })
 * // +2 % and −1.5 % make 0.5 %: locked for an hour after the later one
 */
export function lowProfitLock(
  options: BreakerOptions & { readonly positions: number; readonly requiredProfit?: Amount },
): RiskConstraint {
  const { positions, requiredProfit = 0, ...rest } = options
  requirePieces(rest.name ?? 'low_profit', 'positions', positions, 1)
  const scoped = { scope: { asset: '*' }, ...rest }
  return breaker('LOW_PROFIT', 'low_profit', positions, scoped, {
    kind: 'sum',
    ratioBelow: toMicros(requiredProfit, 'down'),
  })
}

/**
 * RATIO_DRAWDOWN: stops when at least `positions` were closed in the last `lookback` and the running sum of their ratios has fallen by
 * more than `maxDrop` from its peak. Sizes do not count; {@link drawdown} limits money.
 *
 * @example
 * ratioDrawdown({ positions: 3, maxDrop: 0.15, lookback: '1d', stopFor: '1h' })
 * // +10 %, −10 %, −20 %: the sum fell by 0.3
 */
export function ratioDrawdown(
  options: BreakerOptions & { readonly positions: number; readonly maxDrop: Amount },
): RiskConstraint {
  const { positions, maxDrop, ...rest } = options
  requirePieces(rest.name ?? 'ratio_drawdown', 'positions', positions, 0)
  return breaker('RATIO_DRAWDOWN', 'ratio_drawdown', maxDrop, rest, { kind: 'drop', countMin: positions })
}

/**
 * LOSS_STREAK: stops for `stopFor` after `losses` closed positions in a row have lost. The next one starts with the streak it finds: one more
 * loss stops again, one gain ends it.
 *
 * @param options `lookback` default 1 d.
 * @example
 * lossStreak({ losses: 4, stopFor: '2h' })
 */
export function lossStreak(options: BreakerOptions & { readonly losses: number }): RiskConstraint {
  const { losses, ...rest } = options
  requirePieces(rest.name ?? 'loss_streak', 'losses', losses, 1)
  return breaker('LOSS_STREAK', 'loss_streak', losses, { lookback: '1d', ...rest }, { kind: 'streak' })
}

/**
 * ERROR_RATE: stops a venue when of at least `requests` that left in the last `lookback`, `percent` or more failed or stayed in doubt. After
 * `stopFor` the next request is a probe: it stops again if it fails and the share is still as high.
 *
 * @param options `lookback` default 5 min, `stopFor` default 1 min, `requests` default 5, `scope` default each venue.
 * @example
 * errorRate({ percent: 50 })
 * // of six requests in five minutes three failed: nothing new at that venue for a minute
 */
export function errorRate(
  options: BreakerOptions & { readonly percent: Amount; readonly requests?: number },
): RiskConstraint {
  const { percent, requests = 5, ...rest } = options
  requirePercent(rest.name ?? 'error_rate', 'percent', percent)
  requirePieces(rest.name ?? 'error_rate', 'requests', requests, 1)
  const scoped = { scope: { venue: '*' }, lookback: '5m', stopFor: '1m', ...rest } as const
  const rule = { kind: 'adverse-share', countMin: requests } as const
  return breaker('ERROR_RATE', 'error_rate', percent, scoped, rule, 'outcomes')
}

function breaker(
  type: string,
  defaultName: string,
  limit: Amount,
  options: BreakerOptions & { readonly scope?: Scope },
  rule: BreakerRule,
  feed: Breaker['feed'] = 'closed-positions',
): RiskConstraint {
  const { name = defaultName, lookback = '1h', stopFor = '1h', unlockAt, roundUpTo, perSide = false, ...rest } = options
  requireLength(name, 'lookback', lookback)
  if (unlockAt === undefined) requireLength(name, 'stopFor', stopFor)
  if (roundUpTo !== undefined) requireLength(name, 'roundUpTo', roundUpTo)
  return defineConstraint({
    ...rest,
    name,
    type,
    measure: 'count',
    limit,
    aggregation: {
      kind: 'breaker',
      feed,
      rule,
      lookbackMs: durationMs(lookback),
      stopMs: durationMs(stopFor),
      ...(unlockAt === undefined ? {} : { unlockAt }),
      ...(roundUpTo === undefined ? {} : { roundUpToMs: durationMs(roundUpTo) }),
      perSide,
    },
  })
}
