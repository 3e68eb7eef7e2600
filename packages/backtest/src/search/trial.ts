import type { Parameters } from './parameter-space.ts'

/** What one trial is to be made with. */
export interface TrialTask {
  readonly parameters: Parameters
  /** History to use, milliseconds since the epoch: from the first to before the second. Absent: all. */
  readonly from?: number
  readonly to?: number
}

export interface TrialResult {
  /** What is searched for: the higher the better. `undefined`: this point has no value. */
  readonly score: number | undefined
  /** Whatever is wanted beside it. Plain data. */
  readonly figures?: Readonly<Record<string, number | string | undefined>>
}

/**
 * Tries one point. A module exports it as `trial` and a search names the module, since it runs on threads of its own.
 *
 * @param data What the search was given for all trials.
 * @example
 * // ema-trial.ts
 * export const trial: Trial = ({ parameters, from, to }, data) => {
 *   const { statistics } = run(data as Prices, parameters, from, to)
 *   return { score: statistics.sharpe, figures: { return: statistics.returnRatio } }
 * }
 */
export type Trial = (task: TrialTask, data: unknown) => TrialResult | Promise<TrialResult>

/** A trial that was made, or that failed. */
export interface TrialOutcome extends TrialTask {
  readonly score: number | undefined
  readonly figures: Readonly<Record<string, number | string | undefined>>
  /** What was thrown, in a line. */
  readonly error?: string
}
