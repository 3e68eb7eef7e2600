import assert from 'node:assert/strict'
import { canonicalJson, type Observation } from '@org/core'
import { eachAction, eachQuery, inWorld } from './in-world.ts'
import { answerOf, errorOf, outcomeOf } from './outcome.ts'
import { withinPatience } from './patience.ts'
import { hasNoActions } from './skip-reasons.ts'
import type { VenueCheck } from './venue-check.ts'

const hourMs = 3_600_000

/** What a venue shows says how old it is and where it comes from. */
export const observeChecks: readonly VenueCheck[] = [
  {
    id: 'VC-10',
    promise: 'answers each question with a value, its time and its source',
    prerequisite: 'each query of the fixtures',
    action: 'it is asked',
    passes: 'an observation, all of which can be written as JSON',
    run: subject =>
      eachQuery(subject, async (_world, { kind, ask }) => {
        const seen = answerOf(await ask(), kind)
        assert.notEqual(seen.value, undefined)
        assert.ok(Number.isFinite(seen.asOf), 'asOf: expected milliseconds since the epoch')
        assert.equal(typeof seen.source, 'string')
        assert.doesNotThrow(() => canonicalJson(seen))
      }),
  },
  {
    id: 'VC-11',
    promise: 'says when its answer was true: the time that the market states, else that of asking, by its own clock',
    prerequisite: 'each query, at two times an hour apart, with a new venue each time',
    action: 'it is asked',
    passes: '`asOf` is what the fixture states; without that neither before the question nor after the answer',
    run: subject =>
      eachQuery(subject, async (world, { kind, ask, fixture }) => {
        for (let time = 0; time < 2; time++) {
          const venue = time === 0 ? world.venue : await world.newVenue()
          const before = world.clock.now()
          const { asOf } = answerOf(await ask({}, venue), kind)
          if (fixture.asOf !== undefined) assert.equal(asOf, fixture.asOf(world.market))
          else
            assert.ok(
              asOf >= before && asOf <= world.clock.now(),
              `asOf: expected ${before} to ${world.clock.now()}, was ${asOf}`,
            )
          await world.clock.sleep(hourMs)
        }
      }),
  },
  {
    id: 'VC-12',
    promise: 'names itself as the source of what it shows',
    prerequisite: 'each query, and holdings',
    action: 'they are asked',
    passes: '`source` begins with the id of the venue',
    run: subject =>
      eachQuery(subject, async (world, { kind, ask }) => {
        const seen: Observation<unknown>[] = [answerOf(await ask(), kind), answerOf(await world.holdings(), 'holdings')]
        for (const { source } of seen)
          assert.ok(source.startsWith(world.venue.id), `source: expected ${world.venue.id}…, was ${source}`)
      }),
  },
  {
    id: 'VC-13',
    promise: 'shows the same of the same market',
    prerequisite: 'two markets that began alike, at one instant',
    action: 'each query is asked on both',
    passes: 'the observations are equal',
    async run(subject) {
      const first = new Map<string, unknown>()
      await eachQuery(subject, async (_world, { kind, ask }) => {
        first.set(kind, answerOf(await ask(), kind))
      })
      await eachQuery(subject, async (_world, { kind, ask }) => {
        assert.deepEqual(answerOf(await ask(), kind), first.get(kind))
      })
    },
  },
  {
    id: 'VC-14',
    promise: 'changes nothing by looking',
    prerequisite: 'each action that could be done',
    action: 'all queries and holdings are asked',
    passes: 'nothing was done',
    skip: hasNoActions,
    run: subject =>
      eachAction(subject, async (world, { count }) => {
        for (const kind of Object.keys(subject.queries)) await (await world.query(kind)).ask()
        await world.holdings()
        assert.equal(await count(), 0)
      }),
  },
  {
    id: 'VC-15',
    promise: 'refuses a question that it does not know, without asking anybody',
    prerequisite: 'names that are no question of the venue, and names that every object has',
    action: 'they are asked',
    passes: 'a typed error in one line; no request left',
    run: subject =>
      inWorld(subject, async ({ venue, proxy }) => {
        const before = proxy.requests.length
        for (const kind of ['no-such-question', '', 'toString', '__proto__'])
          errorOf(await outcomeOf(() => venue.observe(kind, {})), `question ${JSON.stringify(kind)}`)
        assert.equal(proxy.requests.length, before, 'a request left')
      }),
  },
  {
    id: 'VC-16',
    promise: 'refuses a wrong query, without asking anybody',
    prerequisite: 'the wrong queries of each fixture',
    action: 'they are asked',
    passes: 'a typed error in one line; no request left',
    run: subject =>
      eachQuery(subject, async ({ venue, proxy }, { kind, fixture }) => {
        const before = proxy.requests.length
        for (const wrong of fixture.wrong)
          errorOf(await outcomeOf(() => venue.observe(kind, wrong)), canonicalJson(wrong))
        assert.equal(proxy.requests.length, before, 'a request left')
      }),
  },
  {
    id: 'VC-17',
    promise: 'never calls new what it remembers',
    prerequisite: 'an answer that is an hour old, and a market that is away',
    action: 'the question is asked again',
    passes: 'a typed error, or the old answer with its old time',
    run: subject =>
      eachQuery(subject, async ({ clock, proxy }, { kind, ask }) => {
        const first = answerOf(await ask(), kind)
        await clock.sleep(hourMs)
        proxy.add({ kind: 'status', status: 503 })
        const second = await ask()
        if (second.ok) assert.equal(second.value.asOf, first.asOf)
        else errorOf(second, kind)
      }),
  },
  {
    id: 'VC-18',
    promise: 'asks nothing of the market once it has been told to stop',
    prerequisite: 'a signal that has been aborted',
    action: 'each query is asked with it, and holdings',
    passes: 'the error ABORTED; no request left',
    run: subject =>
      eachQuery(subject, async ({ venue, proxy }, { kind, ask }) => {
        const before = proxy.requests.length
        const options = { signal: AbortSignal.abort() }
        assert.equal(errorOf(await ask(options), kind).code, 'ABORTED')
        assert.equal(errorOf(await outcomeOf(() => venue.holdings(options)), 'holdings').code, 'ABORTED')
        assert.equal(proxy.requests.length, before, 'a request left')
      }),
  },
  {
    id: 'VC-19',
    promise: 'stops looking as soon as it is told to',
    prerequisite: 'a market that does not answer',
    action: 'the signal is aborted while each query waits',
    passes: 'the error ABORTED, at once',
    run: subject =>
      eachQuery(subject, async (world, { kind, ask }) => {
        const held = world.proxy.add({ kind: 'hold' })
        const stop = new AbortController()
        const asked = ask({ signal: stop.signal })
        if (!(await world.untilMet(held, asked))) return
        stop.abort()
        assert.equal(errorOf(await withinPatience(asked, subject), kind).code, 'ABORTED')
      }),
  },
]
