import { AutomationError, describeError, type Strategy } from '@org/core'

/** When a strategy looks next. */
export interface Schedule {
  readonly strategy: Strategy
  dueAt: number
  scans: number
}

/**
 * One round as the engine's: find, validate, execute.
 *
 * @throws AutomationError `STRATEGY_FAILED` with the time of the simulation: a backtest that goes on without a strategy's decisions says nothing.
 */
export async function scan({ strategy }: Schedule, nowMs: number): Promise<void> {
  try {
    const opportunities = await strategy.findOpportunities()
    for (const opportunity of opportunities)
      if (strategy.config.enableAutoExecution && (await strategy.validateOpportunity(opportunity)))
        await strategy.executeOpportunity(opportunity)
  } catch (error) {
    if (AutomationError.isInstance(error) && error.code === 'LOOK_AHEAD') throw error
    throw new AutomationError({
      code: 'STRATEGY_FAILED',
      message: `strategy ${strategy.id} failed at ${new Date(nowMs).toISOString()}: ${describeError(error)}`,
      cause: error,
    })
  }
}
