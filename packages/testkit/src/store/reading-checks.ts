import assert from 'node:assert/strict'
import { AutomationError, type Json, type Store } from '@org/core'
import { decision, noteFact, notesOf, writeNotes } from './sample-facts.ts'
import type { StoreCheck } from './store-checks.ts'

/** What journal, subscription, saved states and closing promise. */
export const readingChecks: readonly StoreCheck[] = [
  {
    id: 'SC-20',
    promise: 'gives the entries after a sequence number, and none after the end',
    async run({ create }) {
      const store = await create()
      await writeNotes(store, ['a', 'b', 'c', 'd'])
      assert.deepEqual(await notesOf(store, 2), ['c', 'd'])
      assert.deepEqual(await notesOf(store, 4), [])
      assert.deepEqual(await notesOf(store, 99), [])
    },
  },
  {
    id: 'SC-21',
    promise: 'tells listeners of each entry once, in order, before the commit is answered, until they stop',
    async run({ create }) {
      const store = await create()
      const heard: number[] = []
      const stop = store.subscribe(entry => heard.push(entry.seq))
      await writeNotes(store, ['a', 'b'])
      assert.deepEqual(heard, [1, 2])
      await writeNotes(store, ['c'])
      stop()
      await writeNotes(store, ['d'])
      assert.deepEqual(heard, [1, 2, 3])
    },
  },
  {
    id: 'SC-22',
    promise: 'tells listeners only of what can be read back',
    async run({ create, reopen }) {
      const store = await create()
      await writeNotes(store, ['first'])
      const reader = reopen === undefined ? store : await reopen(store)
      const found: Promise<IteratorResult<unknown>>[] = []
      store.subscribe(({ seq }) => {
        // The first read starts at once, while the listener is being called.
        found.push(
          reader
            .journal({ afterSeq: seq - 1 })
            [Symbol.asyncIterator]()
            .next(),
        )
      })
      await writeNotes(store, ['second'])
      const results = await Promise.all(found)
      assert.deepEqual(
        results.map(result => result.done),
        [false],
      )
    },
  },
  {
    id: 'SC-23',
    promise: 'gives back what was saved under a key, the newest, and nothing for other keys',
    async run({ create }) {
      const store = await create()
      const value: Json = { text: 'ü 🂡', list: [1, null, { deep: true }], zero: 0 }
      for (const key of ['plain', '', '__proto__', 'ключ/🂡', "it's"]) {
        assert.equal(await store.loadState(key), undefined)
        await store.saveState(key, 'older')
        await store.saveState(key, value)
        assert.deepEqual(await store.loadState(key), value)
      }
      assert.equal(await store.loadState('Plain'), undefined)
    },
  },
  {
    id: 'SC-24',
    promise: 'keeps a copy of a saved value: changing the original or what was loaded changes nothing',
    async run({ create }) {
      const store = await create()
      const value = { list: [1] }
      await store.saveState('key', value)
      value.list.push(2)
      const loaded = (await store.loadState('key')) as { list: number[] }
      loaded.list.push(3)
      assert.deepEqual(await store.loadState('key'), { list: [1] })
    },
  },
  {
    id: 'SC-25',
    promise: 'refuses commits and saves after it was closed, with no effect, however often it is closed',
    async run({ create }) {
      const store = await create()
      await store.close()
      await store.close()
      for (const attempt of [() => writeNotes(store, ['late']), () => store.saveState('late', 1)])
        await assert.rejects(attempt, isUnavailable)
    },
  },
  {
    id: 'SC-26',
    promise: 'ends each commit that was waiting when it was closed: written and answered, or refused',
    async run({ create }) {
      const store = await create()
      const heard: string[] = []
      store.subscribe(entry => heard.push(String(entry.seq)))
      const waiting = writeOne(store)
      await store.close()
      const [end] = await Promise.allSettled([waiting])
      if (end.status === 'rejected') assert.ok(isUnavailable(end.reason))
      assert.equal(heard.length, end.status === 'fulfilled' ? 1 : 0)
    },
  },
  {
    id: 'SC-27',
    promise: 'saves the values of a decision with its facts: both when it is written, neither when it fails',
    async run({ create }) {
      const store = await create()
      const value: Json = { list: [1] }
      const states = new Map([['key', value]])
      await store.commit(() => ({ ...decision([noteFact('a')], undefined), states }))
      assert.deepEqual(await store.loadState('key'), value)
      await store.commit(() => ({ ...decision([], undefined), states: new Map([['key', 2]]) }))
      assert.deepEqual(await store.loadState('key'), 2)
      const unwritable = { ...noteFact('b'), note: 1n as unknown as string }
      const newer = new Map([['key', 3]])
      await assert.rejects(store.commit(() => ({ ...decision([unwritable], undefined), states: newer })))
      assert.deepEqual(await store.loadState('key'), 2)
    },
  },
]

function writeOne(store: Store): Promise<void> {
  return store.commit(() => decision([noteFact('waiting')], undefined))
}

function isUnavailable(error: unknown): boolean {
  return AutomationError.isInstance(error) && error.code === 'STORE_UNAVAILABLE' && error.effect === 'none'
}
