import assert from 'node:assert/strict'
import { entryHash, genesisHash, verifyChain } from '@org/core'
import { decision, entriesOf, haltFact, noteFact, notesOf, startMs, writeNotes } from './sample-facts.ts'
import type { StoreCheck } from './store-checks.ts'

/** What a single commit promises. */
export const commitChecks: readonly StoreCheck[] = [
  {
    id: 'SC-01',
    promise: 'writes all facts of a decision in their order and answers with its result',
    async run({ create }) {
      const store = await create()
      const answer = await store.commit(() =>
        decision(
          ['a', 'b', 'c'].map(note => noteFact(note)),
          'result',
        ),
      )
      assert.equal(answer, 'result')
      assert.deepEqual(await notesOf(store), ['a', 'b', 'c'])
    },
  },
  {
    id: 'SC-02',
    promise: 'runs each decision on a state that holds every decision before it, awaited or not',
    async run({ create }) {
      const store = await create()
      const seen = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          store.commit(state => decision([haltFact(`asset=${i}`, 'full')], state.tradingStates.size)),
        ),
      )
      assert.deepEqual(
        seen,
        Array.from({ length: 50 }, (_, i) => i),
      )
    },
  },
  {
    id: 'SC-03',
    promise: 'lets a decision that throws fail alone, with its own error and nothing written',
    async run({ create }) {
      const store = await create()
      const mistake = new Error('mistake')
      const [before, failed, after] = await Promise.allSettled([
        writeNotes(store, ['before']),
        store.commit(() => {
          throw mistake
        }),
        writeNotes(store, ['after']),
      ])
      assert.deepEqual([before.status, failed.status, after.status], ['fulfilled', 'rejected', 'fulfilled'])
      assert.equal((failed as PromiseRejectedResult).reason, mistake)
      assert.deepEqual(await notesOf(store), ['before', 'after'])
    },
  },
  {
    id: 'SC-04',
    promise: 'writes nothing for a decision without facts',
    async run({ create }) {
      const store = await create()
      assert.equal(await store.commit(() => decision([], 7)), 7)
      assert.equal(store.digest(), genesisHash)
      assert.deepEqual(await entriesOf(store), [])
    },
  },
  {
    id: 'SC-05',
    promise: 'numbers entries 1, 2, 3 and never writes a time before that of the newest entry',
    async run({ create }) {
      const store = await create()
      for (const at of [startMs, startMs + 5, startMs - 1_000, startMs + 3]) await writeNotes(store, [String(at)], at)
      const entries = await entriesOf(store)
      assert.deepEqual(
        entries.map(entry => [entry.seq, entry.at - startMs]),
        [
          [1, 0],
          [2, 5],
          [3, 5],
          [4, 5],
        ],
      )
    },
  },
  {
    id: 'SC-06',
    promise: 'chains hashes as core does, so that equal histories have equal digests in every store',
    async run({ create }) {
      const store = await create()
      await writeNotes(store, ['a', 'b'])
      await writeNotes(store, ['c'], startMs + 1)
      let hash = genesisHash
      for (const [i, note] of ['a', 'b', 'c'].entries())
        hash = entryHash(hash, i + 1, note === 'c' ? startMs + 1 : startMs, noteFact(note))
      assert.equal(store.digest(), hash)
      assert.equal((await entriesOf(store)).at(-1)?.hash, hash)
    },
  },
  {
    id: 'SC-07',
    promise: 'applies what it writes to the state it shows',
    async run({ create }) {
      const store = await create()
      await store.commit(() => decision([haltFact('venue=x', 'why')], undefined, startMs + 9))
      assert.equal(store.read().tradingStates.get('venue=x')?.reason, 'why')
      assert.equal(store.read().lastAtMs, startMs + 9)
    },
  },
  {
    id: 'SC-08',
    promise: 'refuses a fact that cannot be written and lives on',
    async run({ create }) {
      const store = await create()
      const fact = { ...noteFact('a'), note: 1n as unknown as string }
      await assert.rejects(store.commit(() => decision([fact], undefined)))
      await writeNotes(store, ['b'])
      assert.deepEqual(await notesOf(store), ['b'])
    },
  },
  {
    id: 'SC-09',
    promise: 'keeps any text as it is',
    async run({ create }) {
      const store = await create()
      const notes = [
        '',
        'ü € 🂡 中文',
        'line\nbreak\u2028\t"quote" \\ \'',
        '\u0000 and \ud800 alone',
        "'; DROP TABLE journal; --",
      ]
      await writeNotes(store, notes)
      assert.deepEqual(await notesOf(store), notes)
    },
  },
  {
    id: 'SC-10',
    promise: 'takes a decision of 5,000 facts',
    async run({ create }) {
      const store = await create()
      const notes = Array.from({ length: 5_000 }, (_, i) => `note ${i}`)
      await writeNotes(store, notes)
      assertSameNotes(await notesOf(store), notes)
    },
  },
  {
    id: 'SC-11',
    promise: 'takes 1,000 commits at once, each once, in the order of the calls',
    async run({ create }) {
      const store = await create()
      const notes = Array.from({ length: 1_000 }, (_, i) => `note ${i}`)
      await Promise.all(notes.map(note => writeNotes(store, [note])))
      assertSameNotes(await notesOf(store), notes)
    },
  },
  {
    id: 'SC-12',
    promise: 'takes time back where a fact sets it back, goes on from there, and shows it to whoever opens the store',
    async run({ create, reopen }) {
      const store = await create()
      await writeNotes(store, ['ahead'], startMs + 1_000)
      await store.commit(() =>
        decision([{ type: 'time-set-back', kept: [], reason: 'a wrong clock', by: 'conformance' }], undefined, startMs),
      )
      await writeNotes(store, ['before'], startMs - 1)
      await writeNotes(store, ['after'], startMs + 1)
      const read = reopen === undefined ? store : await reopen(store)
      assert.deepEqual(
        (await entriesOf(read)).map(({ at }) => at - startMs),
        [1_000, 0, 0, 1],
      )
      assert.equal(read.read().lastAtMs, startMs + 1)
      assert.equal(await verifyChain(read.journal()), undefined)
    },
  },
]

/** Names the first difference only: a comparison of thousands of lines takes seconds to print. */
function assertSameNotes(actual: readonly string[], expected: readonly string[]): void {
  const first = expected.findIndex((note, i) => actual[i] !== note)
  assert.equal(actual[first], expected[first])
  assert.equal(actual.length, expected.length)
}
