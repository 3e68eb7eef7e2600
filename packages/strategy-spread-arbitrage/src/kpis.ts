import type { Counts } from './memory.ts'

/** How it has gone since the strategy first ran, in the base currency. */
export interface SpreadArbitrageKpis extends Counts {
  /** Both legs filled, whole. */
  readonly trades: number
  /** One leg stood alone, or had more than the other, and was made up for. */
  readonly oneLegged: number
  /** Repairs that traded the missing leg. */
  readonly hedged: number
  /** Repairs that took back the leg that had filled. */
  readonly unwound: number
  /** What the trades were to bring when they were decided. */
  readonly edgeExpected: number
  /** What all orders together have brought after fees, repairs included: realised, and at the marks of the last look. */
  readonly edgeCaptured: number
}
