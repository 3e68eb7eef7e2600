import type { ReconcileReport } from '../execution/reconcile.ts'

/** One round of questions after intents in doubt. */
export interface Reconciled extends ReconcileReport {
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** How one strategy is doing. */
export interface StrategyHealth {
  readonly strategyId: string
  readonly scans: number
  readonly failedInARow: number
  readonly lastScanAt: number | undefined
  /** One line about the last failure, while it lasts. */
  readonly lastError: string | undefined
  /** The scan under way has lasted more than three intervals: something that it waits for hangs. */
  readonly isStuck: boolean
}

/** `ready`: started, every intent in doubt was asked about. `healthy`: no strategy is stuck or has failed three times in a row. */
export interface EngineHealth {
  readonly ready: boolean
  readonly healthy: boolean
  /** What the venues last said about intents in doubt; those that still are keep their reservations. */
  readonly lastReconciliation: Reconciled | undefined
  readonly strategies: readonly StrategyHealth[]
}
