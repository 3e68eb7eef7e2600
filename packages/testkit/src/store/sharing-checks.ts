import assert from 'node:assert/strict'
import { DefaultRiskManager, dailyLoss, ledgerToText, type Store, VirtualClock } from '@org/core'
import { decision, entriesOf, haltFact, noteFact, notesOf, startMs, writeNotes } from './sample-facts.ts'
import { sampleIntent } from './sample-intent.ts'
import type { StoreCheck } from './store-checks.ts'
import type { StoreSubject } from './store-subject.ts'

/** What a budget on the store promises, and what several handles on one content promise. */
export const sharingChecks: readonly StoreCheck[] = [
  {
    id: 'SC-30',
    promise: 'holds a budget to the cent however many reserve at once',
    async run({ create }) {
      assert.equal(await grantedOf500([await create()]), 71)
    },
  },
  {
    id: 'SC-31',
    promise: 'is found as it was left: digest, journal and ledger',
    needsReopen: true,
    async run(subject) {
      const store = await subject.create()
      await grantedOf500([store])
      const before = { digest: store.digest(), ledger: ledgerToText(store.read()), entries: await entriesOf(store) }
      await store.close()
      const again = await reopened(subject, store)
      assert.equal(again.digest(), before.digest)
      assert.deepEqual(await entriesOf(again), before.entries)
      assert.deepEqual(JSON.parse(ledgerToText(again.read())), JSON.parse(before.ledger))
    },
  },
  {
    id: 'SC-32',
    promise: 'goes on where it was left: numbers, times and hashes follow',
    needsReopen: true,
    async run(subject) {
      const store = await subject.create()
      await writeNotes(store, ['a'], startMs + 50)
      await store.close()
      const again = await reopened(subject, store)
      await writeNotes(again, ['b'], startMs)
      const whole = await subject.create()
      await writeNotes(whole, ['a'], startMs + 50)
      await writeNotes(whole, ['b'], startMs)
      assert.equal(again.digest(), whole.digest())
    },
  },
  {
    id: 'SC-33',
    promise: 'has saved states when opened again',
    needsReopen: true,
    async run(subject) {
      const store = await subject.create()
      await store.saveState('ladder', { step: 3 })
      await store.close()
      assert.deepEqual(await (await reopened(subject, store)).loadState('ladder'), { step: 3 })
    },
  },
  {
    id: 'SC-34',
    promise: 'has made a commit durable by the time it is answered: one who opens it then finds it',
    needsReopen: true,
    async run(subject) {
      const store = await subject.create()
      await writeNotes(store, ['a'])
      assert.deepEqual(await notesOf(await reopened(subject, store)), ['a'])
      await store.saveState('key', 1)
      assert.equal(await (await reopened(subject, store)).loadState('key'), 1)
    },
  },
  {
    id: 'SC-35',
    promise: 'decides on what other handles wrote',
    needsReopen: true,
    async run(subject) {
      const one = await subject.create()
      const other = await reopened(subject, one)
      const seen: number[] = []
      for (const [i, store] of [one, other, other, one, one, other].entries())
        seen.push(
          await store.commit(state =>
            decision([haltFact(`asset=${i}`, 'full')], state.tradingStates.size, startMs + i),
          ),
        )
      assert.deepEqual(seen, [0, 1, 2, 3, 4, 5])
      assert.deepEqual(
        (await entriesOf(one)).map(entry => entry.seq),
        [1, 2, 3, 4, 5, 6],
      )
    },
  },
  {
    id: 'SC-36',
    promise: 'holds one budget to the cent over two handles, that reserve at once and in turn',
    needsReopen: true,
    async run(subject) {
      const one = await subject.create()
      assert.equal(await grantedOf500([one, await reopened(subject, one)]), 71)
      // The second handle looks, sleeps while the first takes all there is, and wakes with what it knew.
      const first = await subject.create()
      const second = await reopened(subject, first)
      const managers = [first, second].map(managerOf500)
      const granted: boolean[] = []
      for (let i = 0; i < 90; i++) {
        const manager = managers[i === 0 || i >= 80 ? 1 : 0] as DefaultRiskManager
        granted.push((await manager.reserve(sampleIntent(i))).ok)
      }
      assert.equal(granted.filter(ok => ok).length, 71)
    },
  },
  {
    id: 'SC-37',
    promise: 'tells listeners of entries of other handles, at the latest with the next own commit',
    needsReopen: true,
    async run(subject) {
      const one = await subject.create()
      const other = await reopened(subject, one)
      const heard: number[] = []
      one.subscribe(entry => heard.push(entry.seq))
      await writeNotes(other, ['theirs'])
      await one.commit(() => decision([noteFact('ours')], undefined))
      assert.deepEqual(heard, [1, 2])
    },
  },
]

function reopened({ reopen }: StoreSubject, store: Store): Promise<Store> {
  assert.ok(reopen !== undefined)
  return reopen(store)
}

function managerOf500(store: Store): DefaultRiskManager {
  return new DefaultRiskManager([dailyLoss({ limit: 500 })], { store, clock: new VirtualClock({ startMs }) })
}

/** A hundred intents of $7 at once, spread over handles with one $500 budget; how many were let through. */
async function grantedOf500(stores: readonly Store[]): Promise<number> {
  const managers = stores.map(managerOf500)
  const results = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      (managers[i % managers.length] as DefaultRiskManager).reserve(sampleIntent(i)),
    ),
  )
  return results.filter(result => result.ok).length
}
