/** Order statistics of a set of prices. */
export interface Quantiles {
  readonly p10: number
  readonly p25: number
  readonly median: number
  readonly p75: number
  readonly p90: number
}
