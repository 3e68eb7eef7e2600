import type { AnyVenue, RiskConstraint, Strategy, StrategyConfig, VirtualClock } from '@org/core'

/** A strategy, a market for it, and what happens there. */
export interface StrategySubject<Market extends AnyVenue = AnyVenue> {
  /** A strategy for a context, without a venue of its own; `config` holds what the check wants to be different. */
  create(config: Partial<StrategyConfig>): Strategy
  /** The venue that it works with, in a state in which the first scan finds something to do. Each time the same; none is real. */
  market(environment: { readonly clock: VirtualClock }): Market
  /** What happens on the market before scan number `scan`, from 2 on. @default nothing */
  between?(market: Market, scan: number): void
  /** Scans that show all of it. @default 6 */
  readonly scans?: number
  /** Older than any answer that it may act on, milliseconds. @default a day */
  readonly staleMs?: number
  /** The shared budget. @default without a limit */
  readonly constraints?: readonly RiskConstraint[]
}
