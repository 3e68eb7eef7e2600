import type { AnyVenue, RiskConstraint, Strategy, StrategyConfig, VirtualClock } from '@org/core'

/** A strategy, the venues for it, and what happens there. */
export interface StrategySubject<Venues extends readonly AnyVenue[] = readonly AnyVenue[]> {
  /** A strategy for a context, without a venue of its own; `config` holds what the check wants to be different. */
  create(config: Partial<StrategyConfig>): Strategy
  /** The venues that it works with, in a state in which the first scan finds something to do. Each time the same; none is real. */
  venues(environment: { readonly clock: VirtualClock }): Venues
  /** What happens there before scan number `scan`, from 2 on. @default nothing */
  between?(venues: Venues, scan: number): void
  /** Scans that show all of it. @default 6 */
  readonly scans?: number
  /** Older than any answer that it may act on, milliseconds. @default a day */
  readonly staleMs?: number
  /** The shared budget. @default without a limit */
  readonly constraints?: readonly RiskConstraint[]
}
