import { ledgerFromText, ledgerToText, type Store } from '@org/core'

/** The same store, one transaction for each operation: what everybody writes first. */
export function oneTransactionPerOperation(store: Store): Store {
  let last: Promise<unknown> = Promise.resolve()
  return {
    ...store,
    commit(decide) {
      const mine = last.then(() => store.commit(decide))
      last = mine.catch(() => {})
      return mine
    },
  }
}

/** The negative control: reads, decides, and writes later without looking again. It must overspend, or the test proves nothing. */
export function readThenWrite(store: Store): Store {
  return {
    ...store,
    async commit(decide) {
      const decided = decide(ledgerFromText(ledgerToText(store.read())))
      return store.commit(() => decided)
    },
  }
}
