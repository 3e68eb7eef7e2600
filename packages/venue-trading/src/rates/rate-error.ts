import { TradingError } from '../actions/trading-error.ts'

export function rateUnknown(asset: string, base: string, why: string, cause?: unknown): TradingError {
  return new TradingError({
    code: 'RATE_STALE',
    message: `what one ${asset} is worth in ${base} is not known (${why}); nothing new is opened until it is: name it in fixedRates, or see to the tickers`,
    retryable: true,
    details: { asset, base },
    cause,
  })
}

export function rateStale(asset: string, base: string, ageMs: number, staleMs: number): TradingError {
  return new TradingError({
    code: 'RATE_STALE',
    message: `what one ${asset} is worth in ${base} was last seen ${Math.round(ageMs / 1_000)} s ago, at most ${Math.round(staleMs / 1_000)} s are trusted; nothing new is opened until it is seen again`,
    retryable: true,
    details: { asset, base, ageMs, staleMs },
  })
}
