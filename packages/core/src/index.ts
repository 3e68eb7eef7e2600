export { Engine, type EngineOptions } from './engine/engine.ts'
export type { EngineEvents, EventBus } from './engine/event-bus.ts'
export type { EngineHealth, StrategyHealth } from './engine/health.ts'
export {
  AbortedError,
  AutomationError,
  type AutomationErrorOptions,
  describeError,
  type ErrorEffect,
  InvalidInputError,
} from './errors/automation-error.ts'
export { createGate, type Gate, type GateOptions } from './execution/gate.ts'
export type { ReconcileReport } from './execution/reconcile.ts'
export type { RunMode } from './execution/run-mode.ts'
export type { SubmitResult } from './execution/submit-result.ts'
export type { Effect, Measure, Posting } from './intent/effect.ts'
export { type Intent, type IntentDraft, type IntentId, newIntentId } from './intent/intent.ts'
export { canonicalJson, type Json } from './intent/json.ts'
export type { Opportunity } from './intent/opportunity.ts'
export type { Rationale } from './intent/rationale.ts'
export type { Receipt } from './intent/receipt.ts'
export type { Fact } from './journal/fact.ts'
export { entryHash, genesisHash, type JournalEntry, nextEntry } from './journal/journal-entry.ts'
export type { Aggregation, ConstraintSpec } from './ledger/constraint-spec.ts'
export { emptyLedger, evolve } from './ledger/evolve.ts'
export type { LedgerState, OpenReservation } from './ledger/ledger-state.ts'
export { describeScope, type Origin, type Scope, scopeKey, scopeSchema } from './ledger/scope.ts'
export { ledgerFormat, ledgerFromText, ledgerToText } from './ledger/snapshot.ts'
export {
  type Amount,
  addMicros,
  formatMicros,
  fromMicros,
  type Micros,
  negateMicros,
  type Rounding,
  toMicros,
  zeroMicros,
} from './money/micros.ts'
export { type ConstraintOptions, defineConstraint, type RiskConstraint } from './risk/constraint.ts'
export { dailyLoss } from './risk/constraints/daily-loss.ts'
export { exposure } from './risk/constraints/exposure.ts'
export { frequency } from './risk/constraints/frequency.ts'
export { operatingCost } from './risk/constraints/operating-cost.ts'
export { DefaultRiskManager } from './risk/default-risk-manager.ts'
export type { RejectionCode, RiskRejection } from './risk/rejection.ts'
export type {
  BudgetStatus,
  PortfolioAssessment,
  Reservation,
  ReserveResult,
  ResultRecord,
  RiskManager,
  TradingState,
} from './risk/risk-manager.ts'
export { memoryStore } from './store/memory-store.ts'
export type { Decision, Store } from './store/store.ts'
export { BaseStrategy, type BaseStrategyOptions } from './strategy/base-strategy.ts'
export { parseConfig, type StrategyConfig, strategyConfigSchema } from './strategy/config.ts'
export { createStrategyContext, type StrategyContext, type StrategyState } from './strategy/context.ts'
export type { ExecutionResult, Strategy } from './strategy/strategy.ts'
export { createLogger, type Logger, secretFieldNames, silentLogger } from './telemetry/logger.ts'
export type { Clock } from './time/clock.ts'
export { type Duration, durationMs } from './time/duration.ts'
export { type Random, seededRandom, systemRandom } from './time/random.ts'
export { systemClock } from './time/system-clock.ts'
export { VirtualClock } from './time/virtual-clock.ts'
export type { ActionDefinition, ActionMap, Idempotency } from './venue/action.ts'
export type { Holding } from './venue/holding.ts'
export type { Observation } from './venue/observation.ts'
export type { CallOptions, ExecuteOptions, QueryMap, Reconciliation, Venue, VenueReader } from './venue/venue.ts'
