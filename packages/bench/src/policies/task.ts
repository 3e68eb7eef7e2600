import type { PolicyResult } from '@org/strategy-gpu-optimizer'

/** One market under every policy. */
export interface PolicyTask {
  readonly model: string
  readonly seed: number
  readonly days: number
  /** The host's machines, one GPU each. */
  readonly machines: number
}

export interface PolicyOutcome {
  readonly task: PolicyTask
  /** The best fixed price in hindsight last. */
  readonly results: readonly PolicyResult[]
  /** USD per GPU-day at each of the same fixed prices relative to the opening median. */
  readonly fixedIncomes: readonly number[]
}
