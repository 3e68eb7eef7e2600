import type { IntentDraft } from '../intent/intent.ts'
import type { StrategyContext } from './context.ts'

/** What a strategy cannot even write down. */
export function reachesForMore(context: StrategyContext, draft: IntentDraft): readonly unknown[] {
  const venue = context.venue('lemon-market')
  return [
    // @ts-expect-error a reader does not act
    venue.execute,
    // @ts-expect-error nor does it tell what its venue can do
    venue.actions,
    // @ts-expect-error budgets are reserved by the gate
    context.risk.reserve,
    // @ts-expect-error and states are changed by people
    context.risk.resume,
    // @ts-expect-error the store stays behind the manager
    context.risk.store,
    // @ts-expect-error who it is, is not the strategy's to say
    context.submit({ ...draft, strategyId: 'somebody-else' } satisfies IntentDraft),
  ]
}
