/** One figure of a benchmark. */
export interface BenchResult {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What it must not exceed (units `x`, `s`, `ms`, `MB`, `%`) or must reach (all others and `x at least`). */
  readonly limit?: number
  readonly note?: string
  /** Figures that belong beside it: an interval, for instance. */
  readonly details?: Readonly<Record<string, number>>
}
