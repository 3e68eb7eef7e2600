export { type ConstraintCheck, constraintChecks } from './constraint/constraint-checks.ts'
export { type ConstraintConformanceOptions, constraintConformance } from './constraint/constraint-conformance.ts'
export type { ConstraintSubject } from './constraint/constraint-subject.ts'
export { type LiveCheck, liveVenueChecks } from './live/live-checks.ts'
export type { LiveSubject } from './live/live-subject.ts'
export { type LiveVenueConformanceOptions, liveVenueConformance } from './live/live-venue-conformance.ts'
export type { Fault, FaultEffect, RequestPattern } from './proxy/fault.ts'
export type { PlannedFault } from './proxy/fault-plan.ts'
export { type FaultProxy, startFaultProxy } from './proxy/fault-proxy.ts'
export type { SeenRequest } from './proxy/seen-request.ts'
export { type StoreCheck, storeChecks } from './store/store-checks.ts'
export { type StoreConformanceOptions, storeConformance } from './store/store-conformance.ts'
export type { StoreSubject } from './store/store-subject.ts'
export type { StrategyCheck } from './strategy/strategy-check.ts'
export { strategyChecks } from './strategy/strategy-checks.ts'
export { type StrategyConformanceOptions, strategyConformance } from './strategy/strategy-conformance.ts'
export type { StrategySubject } from './strategy/strategy-subject.ts'
export type { VenueCheck } from './venue/venue-check.ts'
export { venueChecks } from './venue/venue-checks.ts'
export { type VenueConformanceOptions, venueConformance } from './venue/venue-conformance.ts'
export type {
  ActionFixture,
  IntentExample,
  QueryFixture,
  StandIn,
  VenueEnvironment,
  VenueSubject,
} from './venue/venue-subject.ts'
