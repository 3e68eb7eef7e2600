import { AutomationError, describeError, type Opportunity, type Strategy } from '@org/core'

/** When a strategy looks next. */
export interface Schedule {
  readonly strategy: Strategy
  dueAt: number
  scans: number
}

/** What was found is validated and carried out, as the engine does it. */
export async function carryOut(strategy: Strategy, opportunities: readonly Opportunity[]): Promise<void> {
  for (const opportunity of opportunities)
    if (strategy.config.enableAutoExecution && (await strategy.validateOpportunity(opportunity)))
      await strategy.executeOpportunity(opportunity)
}

/** A backtest that goes on without a strategy's decisions says nothing: it ends, and says when. */
export function strategyFailed(strategy: Strategy, nowMs: number, error: unknown): AutomationError {
  if (AutomationError.isInstance(error) && error.code === 'LOOK_AHEAD') return error
  return new AutomationError({
    code: 'STRATEGY_FAILED',
    message: `strategy ${strategy.id} failed at ${new Date(nowMs).toISOString()}: ${describeError(error)}`,
    cause: error,
  })
}
