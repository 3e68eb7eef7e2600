import assert from 'node:assert/strict'
import type { AutomationError } from '@org/core'
import { outcomeOf } from '../venue/outcome.ts'
import type { StrategyCheck } from './strategy-check.ts'
import type { StrategySubject } from './strategy-subject.ts'
import { inStrategyWorld } from './strategy-world.ts'
import { doubtful, marketAway, refused } from './troubles.ts'

const dayMs = 86_400_000

/** A strategy bears what markets and budgets do to it. */
export const troubleChecks: readonly StrategyCheck[] = [
  {
    id: 'SG-20',
    promise: 'adds no risk while it cannot see the market, and goes on when it can',
    prerequisite: 'a market that cannot be looked at in the first scan',
    action: 'a scan is made, then another with the market back',
    passes: 'a typed error, or nothing that adds risk; then it finds what there is to do',
    run: subject =>
      inStrategyWorld(subject, async world => {
        world.venues.lookTrouble = marketAway
        const blind = await outcomeOf(() => world.scan())
        if (blind.ok) assert.deepEqual(world.venues.risky, [], 'it acted blindly')
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
]

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
