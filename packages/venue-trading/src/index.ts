export * from './actions.ts'

// What assets are worth, and what may stand open.

export { openLoss } from './book/open-loss.ts'
export { fixedRates } from './rates/fixed-rates.ts'
export type { Rate, RateSource } from './rates/rate-source.ts'
export { type TickerRatesOptions, type TickerReader, tickerRates } from './rates/ticker-rates.ts'
