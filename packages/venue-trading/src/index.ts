export * from './actions.ts'

// An exchange.

export type { Mismatch } from './exchange/account-watch.ts'
export type { ExchangeCredentials } from './exchange/create-ccxt.ts'
export { ExchangeError, type ExchangeErrorCode } from './exchange/exchange-error.ts'
export { ExchangeVenue, type ExchangeVenueOptions } from './exchange-venue.ts'

// Paper trading.

export type { MarketData, MarketQueries } from './paper/market-data.ts'
export {
  type ScriptedMarket,
  type ScriptedMoment,
  type ScriptedQuote,
  scriptedMarket,
} from './paper/scripted-market.ts'
export {
  isTriggered,
  restingFill,
  type SimulatedFill,
  type SimulatedMatch,
  type SimulatedOrder,
  simulateFill,
} from './paper/simulate-fill.ts'
export { PaperVenue, type PaperVenueOptions } from './paper-venue.ts'

// What assets are worth, and what may stand open.

export { openLoss } from './book/open-loss.ts'
export { fixedRates } from './rates/fixed-rates.ts'
export type { Rate, RateSource } from './rates/rate-source.ts'
export { type TickerRatesOptions, type TickerReader, tickerRates } from './rates/ticker-rates.ts'
