// What strategies may import: schemas, types and pure functions. Its module graph holds no exchange client (test/actions-graph.test.ts).
export { type TradingAction, tradingActions } from './actions/action-map.ts'
export { clientOrderIdOf } from './actions/client-order-id.ts'
export { type DecimalText, positiveDecimalSchema } from './actions/decimal-text.ts'
export {
  type CancelOrderParams,
  type ClosePositionParams,
  cancelOrderSchema,
  closePositionSchema,
  type PlaceOrderParams,
  placeOrderSchema,
  type Side,
} from './actions/order-actions.ts'
export { type OrderRisk, orderEffects } from './actions/order-effects.ts'
export { ownResults } from './actions/own-results.ts'
export type { TickFeed, TradingQueries } from './actions/queries.ts'
export { TradingError, type TradingErrorCode } from './actions/trading-error.ts'
export type {
  Balance,
  BookLevel,
  Candle,
  Fill,
  Instrument,
  OrderBook,
  OrderStatus,
  OrderView,
  Position,
  Ticker,
  TradingResult,
} from './actions/views.ts'
