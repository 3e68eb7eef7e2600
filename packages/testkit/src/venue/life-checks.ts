import assert from 'node:assert/strict'
import { clockUseWithin, fetchUseWithin } from '../tracing/traced-globals.ts'
import { eachAction, eachQuery, inWorld } from './in-world.ts'
import { errorOf, type Outcome, outcomeOf } from './outcome.ts'
import { withinPatience } from './patience.ts'
import type { VenueCheck } from './venue-check.ts'
import type { VenueSubject } from './venue-subject.ts'
import { nextTurn, type VenueWorld } from './venue-world.ts'

/** Turns of the event loop in which a connection that was closed is known as closed on both sides. */
const closingTurns = 5000

/** A venue lives by the clock it was given, and leaves nothing behind. */
export const lifeChecks: readonly VenueCheck[] = [
  {
    id: 'VC-94',
    promise: 'does not use the global fetch, whose connections nobody can close',
    prerequisite: 'a trap in place of `fetch`',
    action: 'everything is asked and carried out',
    passes: 'it was not called, be it by a library',
    run: subject => assertNoUse(subject, fetchUseWithin),
  },
  {
    id: 'VC-95',
    promise: 'has no clock, timer or chance but those it was given',
    prerequisite: 'traps in place of `Date.now`, `setTimeout`, `setInterval`, `Math.random` and `performance.now`',
    action: 'everything is asked and carried out, also where it is too fast and has to wait',
    passes: 'no line of its own called one; what libraries do inside, `new Date()` and `node:timers` are not seen',
    run: subject => assertNoUse(subject, clockUseWithin),
  },
  {
    id: 'VC-96',
    promise: 'tells the clock of each request, so that no simulated time overtakes it',
    prerequisite: 'a request that is held, and somebody who sleeps one millisecond',
    action: 'each query is asked, each intent carried out',
    passes: 'the sleeper does not wake before the request is let go',
    async run(subject) {
      const assertStandsStill = async (world: VenueWorld, call: () => Promise<unknown>) => {
        const held = world.proxy.add({ kind: 'hold', times: 1 })
        const running = call()
        // Who has to ask nobody cannot be overtaken.
        if (!(await world.untilMet(held, running))) return
        let isAwake = false
        const sleep = world.clock.sleep(1).then(() => {
          isAwake = true
        })
        for (let turn = 0; turn < 50; turn++) await nextTurn()
        assert.equal(isAwake, false, 'time went on while a request was under way: wrap it in clock.track()')
        held.release()
        await running
        await sleep
      }
      await eachQuery(subject, (world, { ask }) => assertStandsStill(world, ask))
      await eachAction(subject, (world, { execute }) => assertStandsStill(world, execute))
    },
  },
  {
    id: 'VC-97',
    promise: 'frees every connection when it is closed',
    prerequisite: 'a venue that has asked and carried out everything',
    action: 'it is closed',
    passes: 'no connection is open any more',
    async run(subject) {
      const assertFreed = async (world: VenueWorld) => {
        assert.ok(world.proxy.requests.length > 0, 'fixture: nothing was asked')
        await world.venue.close()
        for (let turn = 0; turn < closingTurns && world.proxy.openSockets > 0; turn++) await nextTurn()
        assert.equal(world.proxy.openSockets, 0, 'connections are still open')
      }
      await eachQuery(subject, async (world, { ask }) => {
        await Promise.all([ask(), ask(), world.holdings()])
        await assertFreed(world)
      })
      await eachAction(subject, async (world, { execute, reconcile }) => {
        await execute()
        await reconcile()
        await assertFreed(world)
      })
    },
  },
  {
    id: 'VC-98',
    promise: 'can be closed again, and before it was used',
    prerequisite: 'a venue that was used, and one that was not',
    action: 'each is closed twice',
    passes: 'nothing is thrown',
    async run(subject) {
      for (const connects of [true, false])
        await inWorld(
          subject,
          async ({ venue }) => {
            for (let time = 0; time < 2; time++) {
              const ended = await outcomeOf(() => venue.close())
              assert.ok(ended.ok, 'close threw')
            }
          },
          { connects },
        )
    },
  },
  {
    id: 'VC-99',
    promise: 'says that it is closed',
    prerequisite: 'a venue that was closed',
    action: 'each query is asked, holdings too, each intent carried out',
    passes: 'a typed error in one line, `effect` none; no request left',
    async run(subject) {
      const assertClosed = async (world: VenueWorld, call: () => Promise<Outcome<unknown>>, what: string) => {
        await world.venue.close()
        const before = world.proxy.requests.length
        assert.equal(errorOf(await call(), what).effect, 'none')
        assert.equal(errorOf(await world.holdings(), 'holdings').effect, 'none')
        assert.equal(world.proxy.requests.length, before, 'a request left')
      }
      await eachQuery(subject, (world, { ask, kind }) => assertClosed(world, ask, kind))
      await eachAction(subject, (world, { execute, name }) => assertClosed(world, execute, name))
    },
  },
  {
    id: 'VC-100',
    promise: 'can be closed while a question is under way',
    prerequisite: 'a request that is held',
    action: 'the venue is closed, then the request let go',
    passes: 'the question ends with an answer or a typed error, and closing ends as well',
    run: subject =>
      eachQuery(subject, async (world, { ask, kind }) => {
        const held = world.proxy.add({ kind: 'hold', times: 1 })
        const asked = ask()
        if (!(await world.untilMet(held, asked))) return
        const closed = outcomeOf(() => world.venue.close())
        held.release()
        const ended = await withinPatience(asked, subject)
        if (!ended.ok) errorOf(ended, kind)
        assert.ok((await withinPatience(closed, subject)).ok, 'close threw')
      }),
  },
]

async function assertNoUse(
  subject: VenueSubject,
  useWithin: (work: () => Promise<unknown>) => Promise<readonly string[]>,
): Promise<void> {
  const judge = async (world: VenueWorld, calls: readonly (() => Promise<unknown>)[]) => {
    const found = await useWithin(async () => {
      for (const call of calls) {
        world.proxy.add({ kind: 'status', status: 429, retryAfterS: 5, times: 1 })
        await call()
      }
    })
    assert.deepEqual(found, [])
  }
  await eachQuery(subject, async (world, { kind, query }) => {
    // Made inside the trap as well: a constructor that keeps a global for later is found with it.
    let venue = world.venue
    await judge(world, [
      async () => {
        venue = await world.newVenue()
        await outcomeOf(() => venue.connect())
      },
      () => outcomeOf(() => venue.observe(kind, query)),
      () => outcomeOf(() => venue.holdings()),
    ])
  })
  await eachAction(subject, (world, { execute, reconcile }) => judge(world, [() => execute(), () => reconcile()]))
}
