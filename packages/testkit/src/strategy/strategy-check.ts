import type { StrategySubject } from './strategy-subject.ts'

/** One numbered promise of a strategy. The number keeps its meaning for ever. */
export interface StrategyCheck {
  readonly id: string
  readonly promise: string
  /** What must be there before. */
  readonly prerequisite: string
  /** What is done. */
  readonly action: string
  /** What must come of it. */
  readonly passes: string
  /** Rejects when the promise is broken. */
  readonly run: (subject: StrategySubject) => Promise<void>
}
