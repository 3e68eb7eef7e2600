import type { Store } from '../store/store.ts'

const byStore = new WeakMap<Store, Set<string>>()

/**
 * Ids of intents that some gate of this process carries out right now. Asking a venue about one of them too early would get "not done" for
 * an answer while the request is still on its way.
 */
export function inFlightOn(store: Store): Set<string> {
  const known = byStore.get(store)
  if (known !== undefined) return known
  const created = new Set<string>()
  byStore.set(store, created)
  return created
}
