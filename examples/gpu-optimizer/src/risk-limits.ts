import { dailyLoss, frequency, operatingCost, parseConfig, type RiskConstraint } from '@org/core'
import { type GpuConfig, idleCostPerHour, runningCostPerHour } from '@org/strategy-gpu-optimizer'
import { z } from 'zod'

const usd = z.number().min(0)

/** What may be lost, spent and done, where the user says so. */
export const riskLimitsSchema = z.strictObject({
  /** USD. */
  dailyLoss: usd.optional(),
  /** USD. */
  operatingCostPerDay: usd.optional(),
  /** Listings written or taken back. */
  changesPerHour: z.number().int().min(1).optional(),
})
export type RiskLimits = z.output<typeof riskLimitsSchema>

/** Beyond what the machines draw when all goes as it should. */
const headroom = 1.5
const usdMin = 10

/**
 * The same in the sandbox and on the real market. Unless told otherwise: a day's idle cost of all machines may be lost and a day's running cost
 * spent, each half as much again and at least $10.
 */
export function riskLimits(gpus: readonly GpuConfig[], asked: RiskLimits = {}): readonly RiskConstraint[] {
  const limits = parseConfig(riskLimitsSchema, asked, 'limits')
  const perDay = (costPerHour: (gpu: GpuConfig) => number) =>
    Math.max(usdMin, Math.ceil(headroom * 24 * gpus.reduce((sum, gpu) => sum + costPerHour(gpu), 0)))
  return [
    dailyLoss({ limit: limits.dailyLoss ?? perDay(idleCostPerHour) }),
    operatingCost({ limit: limits.operatingCostPerDay ?? perDay(runningCostPerHour), per: '1d' }),
    frequency({ limit: limits.changesPerHour ?? Math.max(12, 4 * gpus.length), per: '1h', scope: { venue: '*' } }),
  ]
}
