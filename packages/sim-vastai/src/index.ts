export type { Fault, FaultEffect } from './faults/fault.ts'
export type { FaultPlan, PlannedFault } from './faults/fault-plan.ts'
export { createWorld } from './market/create-world.ts'
export { HOST_SHARE } from './market/listing.ts'
export type { MachineSpec } from './market/machine.ts'
export type { World, WorldOptions } from './market/world.ts'
export {
  type SimulatorInspection,
  startVastAiSimulator,
  type VastAiSimulator,
  type VastAiSimulatorOptions,
} from './server.ts'
export {
  type PricingTrialOptions,
  type PricingTrialResult,
  runPricingTrial,
  type TrialMarket,
  type TrialObservation,
} from './trial.ts'
export type { MarketChange, MarketDiary } from './wire/market-change.ts'
export type { DuplicateCreate, LoggedRequest } from './wire/request-log.ts'
