import assert from 'node:assert/strict'
import { canonicalJson } from '@org/core'
import { clockUseWithin, connectionsWithin, fetchUseWithin } from '../tracing/traced-globals.ts'
import { engineRun } from './engine-run.ts'
import type { StrategyCheck } from './strategy-check.ts'
import type { StrategySubject } from './strategy-subject.ts'
import { inStrategyWorld } from './strategy-world.ts'

/** A strategy lives by its context, and by nothing else. */
export const contextChecks: readonly StrategyCheck[] = [
  {
    id: 'SG-10',
    promise: 'decides the same under one seed',
    prerequisite: 'two worlds that are alike',
    action: 'all scans are made in both',
    passes: 'the same opportunities, the same journal, byte for byte',
    async run(subject) {
      const stories: string[] = []
      for (let time = 0; time < 2; time++)
        await inStrategyWorld(subject, async world => {
          const found = (await world.scanAll()).map(({ opportunities }) => opportunities)
          stories.push(`${canonicalJson(found)} ${world.store.digest()}`)
        })
      assert.equal(stories[1], stories[0])
    },
  },
  {
    id: 'SG-11',
    promise: 'has no clock, timer or chance but those of its context',
    prerequisite: 'traps in place of `Date.now`, `setTimeout`, `setInterval`, `Math.random` and `performance.now`',
    action: 'it lives from start to shutdown',
    passes: 'no line of its own called one; `new Date()` and `node:timers` are not seen',
    run: subject => usesNone(subject, clockUseWithin),
  },
  {
    id: 'SG-12',
    promise: 'opens no connection of its own',
    prerequisite: 'traps in place of `fetch` and of what opens sockets; a market that needs none',
    action: 'it lives from start to shutdown',
    passes: 'neither was called',
    async run(subject) {
      await usesNone(subject, fetchUseWithin)
      await usesNone(subject, connectionsWithin)
    },
  },
  {
    id: 'SG-13',
    promise: 'changes nothing by looking for opportunities',
    prerequisite: 'the market of the fixtures',
    action: 'opportunities are found and validated three times',
    passes: 'nothing was carried out, and the journal tells of no intent',
    run: subject =>
      inStrategyWorld(subject, async world => {
        for (let time = 0; time < 3; time++) {
          world.next()
          for (const opportunity of await world.strategy.findOpportunities())
            await world.strategy.validateOpportunity(opportunity)
        }
        assert.deepEqual(world.venues.executed, [])
        const intents = (await world.facts()).filter(({ type }) => type.startsWith('intent-'))
        assert.deepEqual(intents, [])
      }),
  },
  {
    id: 'SG-14',
    promise: 'acts through its context alone: whatever is carried out was reserved and written down first',
    prerequisite: 'the market of the fixtures',
    action: 'all scans are made',
    passes: 'something was carried out; each of it is in the journal as sent, under the name of the strategy',
    run: subject =>
      inStrategyWorld(subject, async world => {
        await world.scanAll()
        const sent = (await world.facts()).flatMap(fact => (fact.type === 'intent-sent' ? [fact.idempotencyKey] : []))
        assert.notDeepEqual(world.venues.executed, [], 'fixture: nothing was carried out')
        assert.deepEqual(
          world.venues.executed.map(({ id }) => String(id)),
          sent,
        )
        for (const { strategyId } of world.venues.executed) assert.equal(strategyId, world.strategy.id)
      }),
  },
  {
    id: 'SG-15',
    promise: 'sends nothing in a dry run, by mode or by its own setting',
    prerequisite: 'the market of the fixtures, in an engine',
    action: 'it runs with the mode `dry-run`, and with `dryRunMode`',
    passes: 'nothing was carried out',
    async run(subject) {
      assert.deepEqual((await engineRun(subject, {}, 'dry-run')).venues.executed, [])
      assert.deepEqual((await engineRun(subject, { dryRunMode: true })).venues.executed, [])
    },
  },
  {
    id: 'SG-16',
    promise: 'only proposes while `enableAutoExecution` is off, and acts while it is on',
    prerequisite: 'the market of the fixtures, in an engine',
    action: 'it runs with the setting off, and on',
    passes: 'nothing was carried out, and something was proposed; something was carried out',
    async run(subject) {
      const quiet = await engineRun(subject, { enableAutoExecution: false })
      assert.deepEqual(quiet.venues.executed, [])
      assert.ok(quiet.declined > 0, 'nothing was proposed')
      assert.notDeepEqual((await engineRun(subject, {})).venues.executed, [], 'nothing was carried out')
    },
  },
]

async function usesNone(
  subject: StrategySubject,
  useWithin: (work: () => Promise<unknown>) => Promise<readonly string[]>,
): Promise<void> {
  const found = await useWithin(() =>
    inStrategyWorld(subject, async world => {
      await world.scanAll()
      await world.strategy.shutdown()
    }),
  )
  assert.deepEqual(found, [])
}
