import type { Decision, Fact, LedgerState, RiskManager, Store } from '@org/core'

/** The same part with some of its methods replaced. */
export function delegate<T extends object>(part: T, replaced: Partial<T>): T {
  return new Proxy(part, {
    get(target, name) {
      if (Object.hasOwn(replaced, name)) return Reflect.get(replaced, name)
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** A store that writes other facts than were decided. */
export function changingFacts(
  store: Store,
  change: (facts: readonly Fact[], state: LedgerState, at: number) => readonly Fact[],
): Store {
  return delegate<Store>(store, {
    commit: <T>(decide: (state: LedgerState) => Decision<T>) =>
      store.commit(state => {
        const decision = decide(state)
        return { ...decision, facts: change(decision.facts, state, decision.at) }
      }),
  })
}

/** A risk manager with some of its methods replaced. */
export function changingRisk(risk: RiskManager, replaced: Partial<RiskManager>): RiskManager {
  return delegate(risk, replaced)
}
