export {
  comparePolicies,
  type PolicyComparison,
  type PolicyResult,
  type PriceTrial,
  type TrialReview,
} from './compare-policies.ts'
export { type GpuConfig, gpuConfigSchema, parseGpuConfigs } from './config/gpu-config.ts'
export { type OptimizerConfig, optimizerConfigSchema } from './config/optimizer-config.ts'
export { idleCostPerHour, runningCostPerHour } from './cost/operating-cost.ts'
export type { DecisionKind, ListingDecision } from './decision/listing-decision.ts'
export { GpuCapacityOptimizer, type GpuCapacityOptimizerOptions } from './gpu-capacity-optimizer.ts'
export type { GpuKpis } from './kpi/kpis.ts'
export type { DecisionCounts } from './log/decision-log.ts'
export { createPricer, type Pricer, type PricerObservation } from './pricer.ts'
export { expectedIncome } from './pricing/policies/expected-income.ts'
export { fixedPrice } from './pricing/policies/fixed-price.ts'
export { guideRule } from './pricing/policies/guide-rule.ts'
export { idleLadder, type LadderStep } from './pricing/policies/idle-ladder.ts'
export { openingMedian } from './pricing/policies/opening-median.ts'
export { twoPrice } from './pricing/policies/two-price.ts'
export { policyByName, pricingPolicyNames } from './pricing/policy-by-name.ts'
export {
  type AskBand,
  type PricingInput,
  type PricingMarket,
  type PricingPolicy,
  type PricingTarget,
  policyWithMemory,
  type RentalEvidence,
} from './pricing/pricing-policy.ts'
