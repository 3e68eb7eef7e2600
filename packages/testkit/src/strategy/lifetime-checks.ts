import assert from 'node:assert/strict'
import { canonicalJson } from '@org/core'
import { errorOf, outcomeOf } from '../venue/outcome.ts'
import type { StrategyCheck } from './strategy-check.ts'
import { inStrategyWorld, StrategyWorld } from './strategy-world.ts'
import { marketAway, refused } from './troubles.ts'

/** A strategy remembers, and ends. */
export const lifetimeChecks: readonly StrategyCheck[] = [
  {
    id: 'SG-30',
    promise: 'does after a restart what it would have done without',
    prerequisite: 'two worlds that are alike',
    action: 'all scans are made; in one world the process dies and starts again before each',
    passes: 'the same was carried out, in the same order',
    async run(subject) {
      const stories: string[][] = []
      for (const dies of [false, true])
        await inStrategyWorld(subject, async world => {
          await world.scanAll(async scan => {
            if (dies && scan > 1) await world.restart()
          })
          stories.push(
            world.venues.executed.map(({ action, params, asset }) => canonicalJson({ action, params, asset })),
          )
        })
      assert.deepEqual(stories[1], stories[0])
    },
  },
  {
    id: 'SG-31',
    promise: 'starts over, or says so, when what it remembered cannot be read',
    prerequisite: 'a store that keeps something else under its name',
    action: 'it is initialised',
    passes: 'it starts, or a typed error in one line',
    run: subject =>
      inStrategyWorld(subject, async world => {
        await world.store.saveState(`strategy:${world.strategy.id}`, { version: 'from the future', of: [null] })
        const started = await outcomeOf(() => world.restart())
        if (started.ok) await world.scan()
        else errorOf(started, 'initialize')
      }),
  },
  {
    id: 'SG-40',
    promise: 'ends when it is told to, as often as it is told',
    prerequisite: 'a strategy that was never started, and one that has scanned',
    action: 'each is shut down twice',
    passes: 'nothing is thrown, and the market is not looked at any more',
    async run(subject) {
      const idle = new StrategyWorld(subject)
      await idle.strategy.shutdown()
      await inStrategyWorld(subject, async world => {
        await world.scan()
        await world.strategy.shutdown()
        const { looks, executed } = world.venues
        const { length } = executed
        await world.strategy.shutdown()
        assert.deepEqual([world.venues.looks, world.venues.executed.length], [looks, length])
        assert.equal(world.clock.sleeping, 0, 'something still sleeps')
      })
    },
  },
  {
    id: 'SG-41',
    promise: 'ends also when the market is away',
    prerequisite: 'a strategy that has scanned, and a market that cannot be looked at and refuses everything',
    action: 'it is shut down',
    passes: 'it ends, at most with a typed error',
    run: subject =>
      inStrategyWorld(subject, async world => {
        await world.scan()
        world.venues.lookTrouble = marketAway
        world.venues.actTrouble = refused
        await outcomeOf(() => world.strategy.shutdown())
      }),
  },
  {
    id: 'SG-42',
    promise: 'adds no risk while it ends',
    prerequisite: 'a strategy that has scanned',
    action: 'it is shut down',
    passes: 'all that was carried out by that reduces risk',
    run: subject =>
      inStrategyWorld(subject, async world => {
        await world.scan()
        const { length } = world.venues.executed
        await world.strategy.shutdown()
        const risky = world.venues.executed.slice(length).filter(({ reduces }) => !reduces)
        assert.deepEqual(risky, [])
      }),
  },
]
