import assert from 'node:assert/strict'
import { canonicalJson } from '@org/core'
import { eachAction, inWorld } from './in-world.ts'
import { answerOf, errorOf, outcomeOf } from './outcome.ts'
import { hasNoActions } from './skip-reasons.ts'
import type { VenueCheck } from './venue-check.ts'
import type { VenueWorld } from './venue-world.ts'

/** What a venue says of itself is true. */
export const identityChecks: readonly VenueCheck[] = [
  {
    id: 'VC-01',
    promise: 'has an id and a domain that can stand in a scope, a journal and a file name',
    prerequisite: 'two venues made alike',
    action: 'their ids and domains are read',
    passes: 'they are the same, made of letters, digits, dots, dashes and underscores',
    run: subject =>
      inWorld(subject, async world => {
        const other = await world.newVenue()
        for (const name of ['id', 'domain'] as const) {
          assert.match(world.venue[name], /^[A-Za-z0-9][\w.-]{0,63}$/, `${name}: expected a short word`)
          assert.equal(other[name], world.venue[name])
        }
      }),
  },
  {
    id: 'VC-02',
    promise: 'does not call a stand-in on this machine real',
    prerequisite: 'a venue on the stand-in',
    action: '`isReal` is read',
    passes: 'it is false or left out, so that the mode `simulated` may use it',
    run: subject => inWorld(subject, async ({ venue }) => assert.notEqual(venue.isReal, true)),
  },
  {
    id: 'VC-03',
    promise: 'calls a market real where acting spends money',
    prerequisite: 'a venue as it is made for real money (`real` of the fixtures)',
    action: '`isReal` is read; nothing is asked of it',
    passes: 'it is true, so that the mode `simulated` refuses it',
    skip: ({ real }) => (real === undefined ? 'the fixtures make no venue for real money' : undefined),
    async run({ real }) {
      const venue = await real?.()
      assert.equal(venue?.isReal, true)
      await venue?.close()
    },
  },
  {
    id: 'VC-04',
    promise:
      'declares each action whole: params, idempotency, whether it can only reduce risk, and one line for people',
    prerequisite: 'the map of actions',
    action: 'each definition is read',
    passes: 'nothing is missing',
    run: subject =>
      inWorld(subject, async ({ venue }) => {
        for (const [name, definition] of Object.entries(venue.actions)) {
          assert.equal(typeof definition.params?.safeParse, 'function', `${name}: expected a zod schema as params`)
          assert.match(definition.idempotency, /^(native|lookup|convergent)$/, `${name}: idempotency`)
          assert.equal(typeof definition.reduces, 'boolean', `${name}: reduces`)
          assert.match(definition.description, /^[^\n]{3,200}$/, `${name}: expected one line of description`)
        }
      }),
  },
  {
    id: 'VC-05',
    promise: 'has nothing that these checks do not see',
    prerequisite: 'the fixtures',
    action: 'they are compared with the map of actions',
    passes: 'every action is shown by a fixture, none besides, and at least one question',
    run: subject =>
      inWorld(subject, async ({ venue }) => {
        const shown = [...Object.keys(subject.actions), ...(subject.actionsShownElsewhere ?? [])]
        assert.deepEqual(shown.sort(), Object.keys(venue.actions).sort())
        assert.notDeepEqual(Object.keys(subject.queries), [], 'expected a question that the venue answers')
      }),
  },
  {
    id: 'VC-06',
    promise: 'takes params that come back from a journal',
    prerequisite: 'the params of each example',
    action: 'they are written as JSON, read and parsed',
    passes: 'they are accepted and mean the same',
    skip: hasNoActions,
    run: subject =>
      eachAction(subject, async (_world, { definition, intent }) => {
        const direct = definition.params.safeParse(intent.params)
        assert.ok(direct.success, `the example is refused: ${direct.error?.message}`)
        const recalled = definition.params.safeParse(JSON.parse(canonicalJson(intent.params)))
        assert.deepEqual(recalled.data, direct.data)
      }),
  },
  {
    id: 'VC-07',
    promise: 'refuses wrong params by its schemas, which the gate asks before any budget is touched',
    prerequisite: 'the wrong params of each fixture, and the example with a key that nobody knows',
    action: 'they are parsed',
    passes: 'each is refused',
    skip: hasNoActions,
    run: subject =>
      eachAction(subject, async (_world, { definition, intent, fixture }) => {
        for (const wrong of [...fixture.wrong, { ...(intent.params as object), unknownKey: 1 }])
          assert.equal(definition.params.safeParse(wrong).success, false, `accepted ${canonicalJson(wrong)}`)
      }),
  },
  {
    id: 'VC-08',
    promise: 'connects as often as it is asked to, and changes nothing by it',
    prerequisite: 'a market, and each action that could be done',
    action: 'the venue connects three times',
    passes: 'it succeeds and nothing was done',
    async run(subject) {
      const connect = async ({ venue }: VenueWorld) => {
        for (let i = 0; i < 3; i++) answerOf(await outcomeOf(() => venue.connect()), 'connect')
      }
      await inWorld(subject, connect)
      await eachAction(subject, async (world, { count }) => {
        await connect(world)
        assert.equal(await count(), 0)
      })
    },
  },
  {
    id: 'VC-09',
    promise: 'says at the start that its key is refused',
    prerequisite: 'a market that answers 401 to everything',
    action: 'the venue connects',
    passes: 'a typed error in one line; nothing was done',
    run: subject =>
      inWorld(
        subject,
        async ({ venue, proxy }) => {
          proxy.add({ kind: 'status', status: 401 })
          assert.equal(errorOf(await outcomeOf(() => venue.connect()), 'connect').effect, 'none')
        },
        { connects: false },
      ),
  },
]
