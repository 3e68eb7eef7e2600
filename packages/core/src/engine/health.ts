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
  readonly strategies: readonly StrategyHealth[]
}
