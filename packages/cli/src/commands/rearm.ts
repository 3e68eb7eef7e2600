import { DefaultRiskManager } from '@org/core'
import type { Answer } from '../answer.ts'
import { openStore } from '../open-store.ts'
import { originOf, type ScopeOptions } from '../scope-options.ts'
import type { Context } from '../surroundings.ts'

/** Lifts a breaker's lock, or lets a drawdown count from where the result stands. */
export async function rearm(
  { store: path, clock }: Context,
  name: string,
  options: ScopeOptions & { readonly reason: string; readonly by: string },
): Promise<Answer> {
  await using store = await openStore(path, clock)
  const risk = new DefaultRiskManager([], { store, clock })
  const origin = originOf(options)
  await risk.rearm(name, options.reason, options.by, origin)
  const { scope } = risk.remaining(name, origin)
  return { data: { constraint: name, scope }, text: `re-armed ${name} (${scope})\n` }
}
