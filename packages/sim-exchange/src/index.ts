export { ccxtConfig } from './ccxt-config.ts'
export type { Credentials, ExchangeSimulator, ExchangeSimulatorOptions } from './server.ts'
export { startExchangeSimulator } from './server.ts'

// The market: what is traded, at which prices, by whom.

export type { AccountSpec, SymbolSpec } from './market/exchange.ts'
export type { ParticipantsSpec } from './market/participants.ts'
export { type CandleRow, candlePath, type PricePath, seededPath } from './market/price-path.ts'
export type { InstrumentSpec } from './matching/instrument.ts'

// Things that go wrong, and what really happened.

export type { Fault, FaultEffect } from './faults/fault.ts'
export type { FaultPlan, PlannedFault } from './faults/fault-plan.ts'
export type { BalanceTruth, ExchangeInspection, OrderTruth, TradeTruth } from './inspection.ts'
export type { LoggedRequest } from './wire/request-log.ts'
export type { RequestLimits } from './wire/request-weights.ts'

// The matching engine alone.

export { compileInstrument, type Instrument } from './matching/instrument.ts'
export { Market } from './matching/market.ts'
export {
  type EngineListener,
  MatchingEngine,
  type Placement,
  type PlacementRefusal,
} from './matching/matching-engine.ts'
export type {
  NewOrder,
  Order,
  OrderStatus,
  OrderType,
  SelfTradePrevention,
  Side,
  TimeInForce,
  Trade,
} from './matching/order.ts'
export { Trader } from './matching/trader.ts'
