import { priceReach } from '@org/venue-vastai/actions'
import type { PriceLimits } from './price-limits.ts'

/** Where a price stands and where a policy wants it. Host USD per GPU-hour. */
export interface WantedMove {
  readonly nowMs: number
  readonly price: number
  readonly targetPrice: number
  readonly floorPerGpuHour: number
  /** Part of the machine's GPUs that clients hold, 0 to 1. */
  readonly rentedShare: number
  readonly lastChangeMs: number | undefined
  /** Times of changes within the last 24 hours. */
  readonly changesMs: readonly number[]
}

export type MoveVerdict =
  | {
      readonly move: true
      readonly price: number
      readonly reason: 'to-target' | 'step-towards-target' | 'up-to-floor'
    }
  | {
      readonly move: false
      readonly reason: 'within-hysteresis' | 'changed-recently' | 'daily-changes-used' | 'tenants-keep-price'
    }

/**
 * The next price on the way to the target. Rules in order; the first that applies decides:
 *
 * 1. below the floor: up to it at once, or as far towards it as a listing may jump; the next scan goes on
 * 2. target nearer than `changeMin`: stay
 * 3. last change younger than `changeAgeMinMs`: stay
 * 4. `changesPerDayMax` used: stay
 * 5. a raise on rented GPUs smaller than `tenantRaiseMin × rented share`: stay
 * 6. at most `stepMax` towards the target (over tenants, `tenantRaiseMin` where that is more), not below the floor
 *
 * No move is further than the market's venue lets through ({@link priceReach}).
 */
export function boundedMove(wanted: WantedMove, limits: PriceLimits): MoveVerdict {
  const { price, floorPerGpuHour, rentedShare, nowMs, lastChangeMs } = wanted
  // Compared as listings carry prices: a floor with binary noise would be written anew at every review.
  if (price < roundUp(floorPerGpuHour))
    return { move: true, price: inReach(roundUp(floorPerGpuHour), price), reason: 'up-to-floor' }
  const target = Math.max(wanted.targetPrice, floorPerGpuHour)
  const change = target / price - 1
  if (Math.abs(change) < limits.changeMin || roundUp(target) === roundUp(price))
    return { move: false, reason: 'within-hysteresis' }
  if (lastChangeMs !== undefined && nowMs - lastChangeMs < limits.changeAgeMinMs)
    return { move: false, reason: 'changed-recently' }
  if (wanted.changesMs.length >= limits.changesPerDayMax) return { move: false, reason: 'daily-changes-used' }
  const raiseMin = limits.tenantRaiseMin * rentedShare
  if (change > 0 && change < raiseMin) return { move: false, reason: 'tenants-keep-price' }
  // A raise that tenants feel is made once and in full: every further step would write them a further price increase.
  const stepMax = change > 0 ? Math.max(limits.stepMax, raiseMin) : limits.stepMax
  if (Math.abs(change) <= stepMax) return { move: true, price: inReach(roundUp(target), price), reason: 'to-target' }
  const stepped = Math.max(price * (1 + Math.sign(change) * stepMax), floorPerGpuHour)
  return { move: true, price: inReach(roundUp(stepped), price), reason: 'step-towards-target' }
}

function inReach(wanted: number, price: number): number {
  const { min, max } = priceReach(price)
  // Down to a hundredth of a cent: rounded up it would be out of reach.
  return Math.max(roundUp(min), Math.min(wanted, Math.floor(max * 1e4) / 1e4))
}

/** To a hundredth of a cent, never below what was asked for: a price rounded down could fall below its floor. */
export function roundUp(price: number): number {
  // 0.29400000000000004 is noise, not a higher price.
  return Math.ceil(Number((price * 1e4).toFixed(6))) / 1e4
}
