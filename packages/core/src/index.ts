// One intent's way is told in test/one-intent.test.ts; the six headings are its stages.

// Shared nouns: money, time, errors.

export {
  AbortedError,
  AutomationError,
  type AutomationErrorOptions,
  describeError,
  type ErrorEffect,
  InvalidInputError,
} from './errors/automation-error.ts'
export { Decimal, type DecimalRounding } from './money/decimal.ts'
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
export type { Clock } from './time/clock.ts'
export { type Duration, durationMs } from './time/duration.ts'
export { type Random, seededRandom, systemRandom } from './time/random.ts'
export { systemClock } from './time/system-clock.ts'
export { VirtualClock } from './time/virtual-clock.ts'

// Observe: a venue and what it shows.

export type { ActionDefinition, ActionMap, Idempotency } from './venue/action.ts'
export type { Holding } from './venue/holding.ts'
export type { Observation } from './venue/observation.ts'
export type {
  AnyVenue,
  AnyVenueReader,
  CallOptions,
  ExecuteOptions,
  QueryMap,
  Reconciliation,
  Venue,
  VenueHands,
  VenueReader,
} from './venue/venue.ts'

// Decide: a strategy and what it proposes.

export type { ClosedPosition } from './intent/closed-position.ts'
export type { Effect, Measure, Posting } from './intent/effect.ts'
export { type Intent, type IntentDraft, type IntentId, newIntentId } from './intent/intent.ts'
export { canonicalJson, type Json } from './intent/json.ts'
export type { Opportunity } from './intent/opportunity.ts'
export type { Rationale } from './intent/rationale.ts'
export { BaseStrategy, type BaseStrategyOptions } from './strategy/base-strategy.ts'
export { parseConfig, type StrategyConfig, strategyConfigSchema } from './strategy/config.ts'
export { createStrategyContext, type OwnResult, type StrategyContext, type StrategyState } from './strategy/context.ts'
export { type MemoryChange, Remembered } from './strategy/remembered.ts'
export type { ExecutionResult, Strategy } from './strategy/strategy.ts'

// Reserve: the shared budget and its rules.

export type {
  AccessList,
  Aggregation,
  Breaker,
  BreakerRule,
  ConstraintSpec,
  Share,
  Shares,
} from './ledger/constraint-spec.ts'
export type { Origin, Scope } from './ledger/scope.ts'
export { Account, type AccountAnswer, type AccountOperationInput } from './risk/account.ts'
export {
  type ConstraintOptions,
  defineConstraint,
  type RiskConstraint,
  type ShareOptions,
} from './risk/constraint.ts'
export { allowList, denyList } from './risk/constraints/access-list.ts'
export {
  type BreakerOptions,
  cooldown,
  errorRate,
  lossStreak,
  lowProfitLock,
  ratioDrawdown,
  stopLossGuard,
} from './risk/constraints/breakers.ts'
export { concentration } from './risk/constraints/concentration.ts'
export { dailyLoss } from './risk/constraints/daily-loss.ts'
export { drawdown } from './risk/constraints/drawdown.ts'
export { exposure } from './risk/constraints/exposure.ts'
export { frequency } from './risk/constraints/frequency.ts'
export { type LossWindow, lossWindow } from './risk/constraints/loss-window.ts'
export { operatingCost } from './risk/constraints/operating-cost.ts'
export { orderNotional } from './risk/constraints/order-notional.ts'
export { position } from './risk/constraints/position.ts'
export { priceCollar, priceDeviation } from './risk/constraints/price-collar.ts'
export { staleData } from './risk/constraints/stale-data.ts'
export { DefaultRiskManager } from './risk/default-risk-manager.ts'
export type { RejectionCode, RiskRejection } from './risk/rejection.ts'
export type {
  BudgetStatus,
  GroupResult,
  PortfolioAssessment,
  Reservation,
  ReserveAmounts,
  ReserveResult,
  ResultRecord,
  RiskManager,
  TradingState,
} from './risk/risk-manager.ts'
export type { TailRisk } from './risk/value-at-risk.ts'

// Act: the one door, and the engine that walks through it.

export { Engine, type EngineOptions } from './engine/engine.ts'
export { createGate, type Gate, type GateOptions, type GroupOptions } from './execution/gate.ts'
export type { ReconcileReport } from './execution/reconcile.ts'
export type { RunMode } from './execution/run-mode.ts'
export type { SubmitResult } from './execution/submit-result.ts'

// Settle: what happened, and where it is kept.

export type { Receipt } from './intent/receipt.ts'
export type { SettleResult } from './ledger/decide-settle.ts'
export type { OpenReservation } from './ledger/ledger-state.ts'
export { memoryStore } from './store/memory-store.ts'
export type { Store } from './store/store.ts'

// Explain: journal, events, logs.

export type { EngineEvents, EventBus } from './engine/event-bus.ts'
export type { EngineHealth, Reconciled, StrategyHealth } from './engine/health.ts'
export type { Fact } from './journal/fact.ts'
export type { JournalEntry } from './journal/journal-entry.ts'
export { exportJournal, importJournal } from './journal/journal-lines.ts'
export { compareWithReplay, type LedgerDifference, replayJournal } from './journal/replay.ts'
export { type ChainBreak, verifyChain } from './journal/verify-chain.ts'
export { type IntentStory, type StoryStatus, type StoryStep, why } from './journal/why.ts'
export { createLogger, type Logger, silentLogger } from './telemetry/logger.ts'
export { isSecretName } from './telemetry/secret-name.ts'

// For those who write a store: the ledger to keep, and the chain to seal.

export { chainHash, entryHash, entryTime, genesisHash, nextEntry, sealEntry } from './journal/journal-entry.ts'
export { emptyLedger, evolve } from './ledger/evolve.ts'
export type { LedgerState } from './ledger/ledger-state.ts'
export { ledgerFormat, ledgerFromText, ledgerToText } from './ledger/snapshot.ts'
export type { Decision } from './store/store.ts'
