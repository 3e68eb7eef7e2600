import type { DecimalText } from '../actions/decimal-text.ts'

export interface Rate {
  /** One unit of the asset in units of the base asset. */
  readonly rate: DecimalText
  /** When this was true, milliseconds since the epoch. */
  readonly asOf: number
}

/** What assets are worth in another, usually the base currency of the budget. */
export interface RateSource {
  /** @throws TradingError `RATE_STALE` when it is not known, or was known too long ago. */
  rate(asset: string, base: string): Promise<Rate>
}
