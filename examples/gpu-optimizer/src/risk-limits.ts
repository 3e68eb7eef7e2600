import { dailyLoss, frequency, operatingCost, type RiskConstraint } from '@org/core'

/** What a host of `gpuCount` GPUs may lose, spend and do; the same in the sandbox and on the real market. */
export function riskLimits(gpuCount: number): readonly RiskConstraint[] {
  return [
    dailyLoss({ limit: Math.max(10, 5 * gpuCount) }),
    operatingCost({ limit: Math.max(10, 5 * gpuCount), per: '1d' }),
    frequency({ limit: Math.max(12, 4 * gpuCount), per: '1h', scope: { venue: '*' } }),
  ]
}
