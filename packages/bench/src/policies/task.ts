import type { PolicyResult } from '@org/strategy-gpu-optimizer'

/** One market under every policy. */
export interface PolicyTask {
  readonly model: string
  readonly seed: number
  readonly days: number
}

/** What came of it, the best fixed price in hindsight last. */
export interface PolicyOutcome {
  readonly task: PolicyTask
  readonly results: readonly PolicyResult[]
}
