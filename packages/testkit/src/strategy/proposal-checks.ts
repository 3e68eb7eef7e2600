import assert from 'node:assert/strict'
import { canonicalJson, type IntentDraft, type Opportunity, toMicros } from '@org/core'
import { errorOf, outcomeOf } from '../venue/outcome.ts'
import type { StrategyCheck } from './strategy-check.ts'
import type { StrategySubject } from './strategy-subject.ts'
import { inStrategyWorld, StrategyWorld } from './strategy-world.ts'

/** What a strategy proposes says what it is, why, and what it could cost. */
export const proposalChecks: readonly StrategyCheck[] = [
  {
    id: 'SG-01',
    promise: 'says who it is and how it is to be run',
    prerequisite: 'two strategies made alike',
    action: 'ids and configurations are read',
    passes: 'they are the same; the common settings are there',
    async run(subject) {
      const [one, other] = [subject.create({}), subject.create({})]
      assert.match(one.id, /^[A-Za-z0-9][\w.-]{0,63}$/, 'id: expected a short word')
      assert.deepEqual([other.id, other.config], [one.id, one.config])
      const { scanIntervalMs, minExpectedProfit, minRoi, enableAutoExecution, dryRunMode } = one.config
      for (const figure of [scanIntervalMs, minExpectedProfit, minRoi]) assert.ok(Number.isFinite(figure))
      for (const flag of [enableAutoExecution, dryRunMode]) assert.equal(typeof flag, 'boolean')
    },
  },
  {
    id: 'SG-02',
    promise: 'takes the settings it is given',
    prerequisite: 'a configuration that differs from the defaults in every common setting',
    action: 'the strategy is made with it',
    passes: '`config` says the same',
    async run(subject) {
      const { scanIntervalMs } = subject.create({}).config
      const config = {
        scanIntervalMs: Math.max(1000, Math.round(scanIntervalMs / 2)),
        minExpectedProfit: 0.11,
        minRoi: 0.27,
        enableAutoExecution: false,
        dryRunMode: true,
      }
      const { config: taken } = subject.create(config)
      for (const [name, value] of Object.entries(config)) assert.equal(Reflect.get(taken, name), value, name)
    },
  },
  {
    id: 'SG-03',
    promise: 'says that it was not initialised, rather than to find nothing',
    prerequisite: 'a strategy without a context',
    action: 'it is asked for opportunities',
    passes: 'a typed error in one line',
    async run(subject) {
      const { strategy } = new StrategyWorld(subject)
      errorOf(await outcomeOf(() => strategy.findOpportunities()), 'findOpportunities before initialize')
    },
  },
  {
    id: 'SG-04',
    promise: 'finds what there is to do, and signs it',
    prerequisite: 'the market of the fixtures',
    action: 'all scans are made',
    passes:
      'the first finds something; all of it has ids of its own, its name, finite figures, and a time that has been',
    run: subject =>
      eachOpportunity(subject, (opportunity, { strategy, clock }) => {
        assert.equal(opportunity.strategyId, strategy.id)
        assert.match(opportunity.id, /\S/)
        assert.match(opportunity.kind, /^[a-z][a-z0-9-]*$/, 'kind: expected a word')
        assert.ok(opportunity.asOf <= clock.now() && opportunity.asOf > 0, `asOf: was ${opportunity.asOf}`)
        assert.ok(Number.isFinite(opportunity.expectedProfitPerHour), 'expectedProfitPerHour: expected a finite figure')
        assert.ok(!Number.isNaN(opportunity.expectedRoi), 'expectedRoi: expected a figure')
        assert.notEqual(opportunity.intents.length, 0, 'expected an intent')
      }),
  },
  {
    id: 'SG-05',
    promise: 'says why it proposes each thing, in a word that can be counted and a line for people',
    prerequisite: 'the market of the fixtures',
    action: 'all scans are made',
    passes: 'every opportunity and every intent has a rationale that is JSON',
    run: subject =>
      eachOpportunity(subject, opportunity => {
        for (const { rationale } of [opportunity, ...opportunity.intents]) {
          assert.match(rationale?.reason ?? '', /^[A-Za-z][\w.:-]*$/, 'rationale.reason: expected a word')
          assert.match(rationale.summary, /^[^\n]{3,}$/, 'rationale.summary: expected one line')
          assert.deepEqual(JSON.parse(canonicalJson(rationale)), JSON.parse(JSON.stringify(rationale)))
        }
      }),
  },
  {
    id: 'SG-06',
    promise: 'says of each intent what it could cost, in finite figures that are not negative',
    prerequisite: 'the market of the fixtures',
    action: 'all scans are made',
    passes: 'every effect has a measure and such an amount; what adds risk names one besides `count`',
    run: subject =>
      eachIntent(subject, ({ effects, reduces }) => {
        for (const { measure, amount } of effects) {
          assert.match(measure, /\S/)
          assert.doesNotThrow(() => toMicros(amount, 'up'), `effect ${measure}: was ${amount}`)
          assert.ok(toMicros(amount, 'up') >= 0, `effect ${measure}: was ${amount}`)
        }
        const costs = effects.some(({ measure }) => measure !== 'count')
        assert.ok(reduces === true || costs, 'effects: expected what it could cost')
      }),
  },
  {
    id: 'SG-07',
    promise: 'says of what only lowers risk that it does, so that no budget refuses it',
    prerequisite: 'the market of the fixtures',
    action: 'all scans are made',
    passes: '`reduces` is true of an intent whose action is declared so, and of no other',
    run: subject =>
      eachIntent(subject, ({ action, reduces, venueId }, { venues }) => {
        const venue = venues.all.find(({ id }) => id === venueId)
        assert.equal(reduces === true, venue?.actions[action]?.reduces === true, `${action}: reduces`)
      }),
  },
  {
    id: 'SG-08',
    promise: 'proposes nothing that the gate would refuse as unfit',
    prerequisite: 'the market of the fixtures, the mode `dry-run`, no budget',
    action: 'all scans are made and everything is submitted',
    passes: 'every intent passes every check',
    run: subject =>
      inStrategyWorld(
        { ...subject, constraints: [] },
        async world => {
          for (const { results } of await world.scanAll())
            for (const result of results)
              assert.equal(
                result.status,
                'dry-run',
                result.status === 'rejected' ? result.rejection.shortMessage : result.status,
              )
        },
        { mode: 'dry-run' },
      ),
  },
]

function eachOpportunity(
  subject: StrategySubject,
  judge: (opportunity: Opportunity, world: StrategyWorld) => void,
): Promise<void> {
  return inStrategyWorld(subject, async world => {
    const scans = await world.scanAll()
    assert.notEqual(scans[0]?.opportunities.length, 0, 'fixture: the first scan finds nothing')
    for (const { opportunities } of scans) {
      assert.equal(new Set(opportunities.map(({ id }) => id)).size, opportunities.length, 'two have one id')
      for (const opportunity of opportunities) judge(opportunity, world)
    }
  })
}

function eachIntent(
  subject: StrategySubject,
  judge: (intent: IntentDraft, world: StrategyWorld) => void,
): Promise<void> {
  return eachOpportunity(subject, ({ intents }, world) => {
    for (const intent of intents) judge(intent, world)
  })
}
