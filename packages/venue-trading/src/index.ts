export * from './actions.ts'

// An exchange.

export { ExchangeError, type ExchangeErrorCode } from './exchange/exchange-error.ts'
export type { ExchangeCredentials } from './exchange/create-ccxt.ts'
export type { Mismatch } from './exchange/account-watch.ts'
export { ExchangeVenue, type ExchangeVenueOptions } from './exchange-venue.ts'

// What assets are worth, and what may stand open.

export { openLoss } from './book/open-loss.ts'
export { fixedRates } from './rates/fixed-rates.ts'
export type { Rate, RateSource } from './rates/rate-source.ts'
export { type TickerRatesOptions, type TickerReader, tickerRates } from './rates/ticker-rates.ts'
