import type { Fact } from '../journal/fact.ts'
import { letGoTooEarly } from '../journal/let-go-too-early.ts'
import type { Store } from '../store/store.ts'

/** Sets the ledger's time back to `nowMs`, unless it has been meanwhile. */
export async function setTimeBack(store: Store, nowMs: number, reason: string, by: string): Promise<void> {
  const kept = await letGoTooEarly(store.journal(), nowMs)
  const fact: Fact = { type: 'time-set-back', kept, reason, by }
  await store.commit(state => ({ facts: state.lastAtMs > nowMs ? [fact] : [], at: nowMs, result: undefined }))
}
