import { addMicros, fromMicros, negateMicros, zeroMicros } from '@org/core'
import { type Account, judge } from '../accrual/account.ts'
import type { DecisionCounts } from '../log/decision-log.ts'

/**
 * What came of it. The figures reconcile: `totalRevenue − operatingCost = netProfit` to the millionth, and
 * `occupancy × gpuHours × averageHourlyRate = totalRevenue` while any hour was rented.
 */
export interface GpuKpis {
  /** USD that the market's books credited: GPU, storage and bandwidth. */
  readonly totalRevenue: number
  /** USD for power and upkeep, idle hours included. */
  readonly operatingCost: number
  /** USD. */
  readonly netProfit: number
  /** Net profit over operating cost; 0 while nothing was spent. */
  readonly roi: number
  /** Total revenue over rented GPU-hours, USD; 0 while nothing was rented. */
  readonly averageHourlyRate: number
  /** Rented GPU-hours over GPU-hours, 0 to 1. One's own test rentals are no rental. */
  readonly occupancy: number
  /** Hours of all configured GPUs since each was first seen, listed or not. */
  readonly gpuHours: number
  readonly rentedGpuHours: number
  /** Net profit per GPU and 24 hours, USD. */
  readonly profitPerGpuPerDay: number
  /** Reviews of a machine; each ends in one decision, `hold` included. */
  readonly decisionsMade: number
  readonly decisions: DecisionCounts
  /**
   * Of the listing decisions (list, reprice) that have been judged, the part after which the machine earned more than it cost, up to the next
   * change of its listing; 0 to 1, `null` before any was judged. The one under way is judged as it stands once it is 24 hours old.
   */
  readonly decisionAccuracy: number | null
  /** True when part of the revenue is an estimate because the market's books could not be read. */
  readonly revenueIsEstimated: boolean
}

const dayMs = 86_400_000

/** The figures over some machines' accounts. */
export function gpuKpis(
  accounts: Iterable<Account>,
  options: { readonly nowMs: number; readonly decisions: DecisionCounts; readonly decisionsMade: number },
): GpuKpis {
  let revenue = zeroMicros
  let cost = zeroMicros
  let gpuHours = 0
  let rentedGpuHours = 0
  let judged = 0
  let right = 0
  let revenueIsEstimated = false
  for (const account of accounts) {
    revenue = addMicros(revenue, account.revenue)
    cost = addMicros(cost, account.cost)
    gpuHours += account.gpuHours
    rentedGpuHours += account.rentedGpuHours
    judged += account.judged
    right += account.right
    if (account.estimated !== 0) revenueIsEstimated = true
    if (account.episode !== null && options.nowMs - account.episode.sinceMs >= dayMs) {
      judged++
      if (judge(account) === true) right++
    }
  }
  const profit = addMicros(revenue, negateMicros(cost))
  return {
    totalRevenue: fromMicros(revenue),
    operatingCost: fromMicros(cost),
    netProfit: fromMicros(profit),
    roi: cost > 0 ? profit / cost : 0,
    averageHourlyRate: rentedGpuHours > 0 ? fromMicros(revenue) / rentedGpuHours : 0,
    occupancy: gpuHours > 0 ? rentedGpuHours / gpuHours : 0,
    gpuHours,
    rentedGpuHours,
    profitPerGpuPerDay: gpuHours > 0 ? (fromMicros(profit) / gpuHours) * 24 : 0,
    decisionsMade: options.decisionsMade,
    decisions: options.decisions,
    decisionAccuracy: judged > 0 ? right / judged : null,
    revenueIsEstimated,
  }
}
