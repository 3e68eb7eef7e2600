import assert from 'node:assert/strict'
import { AutomationError, canonicalJson, Engine, type StrategyConfig, seededRandom } from '@org/core'
import { clockUseWithin, connectionsWithin, fetchUseWithin } from '../tracing/traced-globals.ts'
import { errorOf, outcomeOf } from '../venue/outcome.ts'
import type { StrategyCheck } from './strategy-check.ts'
import type { StrategySubject } from './strategy-subject.ts'
import { inStrategyWorld, type Scan, StrategyWorld } from './strategy-world.ts'
import type { WatchedVenues } from './watched-venues.ts'

const dayMs = 86_400_000
const away = new AutomationError({ code: 'MARKET_AWAY', message: 'the market is away: try later', retryable: true })
const refused = new AutomationError({ code: 'MARKET_REFUSED', message: 'the market refused' })
const doubtful = new AutomationError({ code: 'ANSWER_LOST', message: 'the answer was lost', effect: 'unknown' })

/** A strategy lives by its context, bears what happens to it, and remembers. */
export const conductChecks: readonly StrategyCheck[] = [
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
  {
    id: 'SG-20',
    promise: 'adds no risk while it cannot see the market, and goes on when it can',
    prerequisite: 'a market that cannot be looked at in the first scan',
    action: 'a scan is made, then another with the market back',
    passes: 'a typed error, or nothing that adds risk; then it finds what there is to do',
    run: subject =>
      inStrategyWorld(subject, async world => {
        world.venues.lookTrouble = away
        const blind = await outcomeOf(() => world.scan())
        if (blind.ok) assertNoRisk(blind.value, world)
        world.venues.lookTrouble = undefined
        const found = (await world.scanAll()).flatMap(({ opportunities }) => opportunities)
        assert.notDeepEqual(found, [], 'it found nothing any more')
      }),
  },
  {
    id: 'SG-21',
    promise: 'adds no risk on answers that are too old',
    prerequisite: 'a market all of whose answers are older than `staleMs`',
    action: 'all scans are made',
    passes: 'typed errors, or nothing carried out that adds risk',
    run: subject =>
      inStrategyWorld(subject, async world => {
        world.venues.agedMs = subject.staleMs ?? dayMs
        for (let scan = 1; scan <= (subject.scans ?? 6); scan++) await outcomeOf(() => world.scan())
        const risky = world.venues.risky
        assert.deepEqual(risky, [], 'it acted on what is long past')
      }),
  },
  {
    id: 'SG-22',
    promise: 'bears that the market refuses what it asks for',
    prerequisite: 'a market that refuses everything once',
    action: 'a scan is made, then the others',
    passes: 'the results say so, nothing is thrown, and the next scans go on',
    run: subject => bears(subject, refused, 'failed'),
  },
  {
    id: 'SG-23',
    promise: 'bears that nobody knows what became of what it asked for',
    prerequisite: 'a market whose answers are lost once',
    action: 'a scan is made, then the others',
    passes: 'the results say so, nothing is thrown, and the next scans go on',
    run: subject => bears(subject, doubtful, 'unknown'),
  },
  {
    id: 'SG-24',
    promise: 'bears that its budget refuses, and asks again when it may',
    prerequisite: 'trading that is halted for a scan',
    action: 'a scan is made, then the others after it is resumed',
    passes: 'nothing that adds risk was carried out and nothing is thrown; then it acts',
    run: subject =>
      inStrategyWorld(subject, async world => {
        await world.risk.halt({}, 'conformance', 'a check')
        const halted = await outcomeOf(() => world.scan())
        assert.ok(halted.ok, 'a refusal was thrown')
        assert.deepEqual(world.venues.risky, [])
        await world.risk.resume({}, 'conformance', 'a check')
        await world.scanAll()
        assert.notDeepEqual(world.venues.executed, [], 'it did not act any more')
      }),
  },
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
        world.venues.lookTrouble = away
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

function assertNoRisk({ results }: Scan, { venues }: StrategyWorld): void {
  assert.deepEqual(venues.risky, [], `it acted blindly: ${results.length} results`)
}

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

async function bears(subject: StrategySubject, trouble: AutomationError, status: 'failed' | 'unknown'): Promise<void> {
  await inStrategyWorld(subject, async world => {
    world.venues.actTrouble = trouble
    const ended = await outcomeOf(() => world.scan())
    assert.ok(ended.ok, 'it threw')
    assert.ok(
      ended.value.results.some(result => result.status === status),
      `expected a result ${status}`,
    )
    world.venues.actTrouble = undefined
    const { length } = world.venues.executed
    for (const { results } of await world.scanAll())
      for (const result of results) assert.notEqual(result.status, status, 'the trouble is over')
    assert.ok(world.venues.executed.length >= length)
  })
}

/** A life in an engine, of as many scans as show the strategy. */
async function engineRun(
  subject: StrategySubject,
  config: Partial<StrategyConfig>,
  mode: 'simulated' | 'dry-run' = 'simulated',
): Promise<{ readonly venues: WatchedVenues; readonly declined: number }> {
  const world = new StrategyWorld(subject, { config })
  const { risk, clock, venues, strategy } = world
  strategy.setRiskManager(risk)
  const random = seededRandom(7)
  const engine = new Engine({ venues: venues.all, strategies: [strategy], risk, mode, random, jitter: 0 })
  let declined = 0
  let scans = 0
  engine.events.on('opportunity-declined', () => {
    declined++
  })
  // The first scan sees the market as it is.
  engine.events.on('scan-finished', () => {
    scans++
    subject.between?.(world.fixtures, scans + 1)
  })
  await clock.run(() => engine.run({ for: strategy.config.scanIntervalMs * ((subject.scans ?? 6) - 0.5) }))
  return { venues, declined }
}
