export { type MomentumConfig, type MomentumParams, momentumConfigSchema, parseMomentumConfig } from './config.ts'
export { type MomentumOptions, MomentumStrategy } from './momentum-strategy.ts'
export { type EntryPlan, type EntryProblem, planEntry } from './plan-entry.ts'
export { Trend, type TrendPoint } from './trend.ts'
