import assert from 'node:assert/strict'
import type { Holding } from '@org/core'
import type { Fault } from '../proxy/fault.ts'
import { eachAction, inWorld } from './in-world.ts'
import { answerOf, errorOf } from './outcome.ts'
import type { VenueCheck } from './venue-check.ts'
import type { VenueSubject } from './venue-subject.ts'
import type { VenueWorld } from './venue-world.ts'

/** What is held is told whole, or not at all. */
export const holdingsChecks: readonly VenueCheck[] = [
  {
    id: 'VC-41',
    promise: 'tells what is held in whole rows with finite figures',
    prerequisite: 'a market on which each action has been done, and one without',
    action: 'holdings are asked',
    passes: 'a time, and for each row an asset, a kind, a description, and finite figures',
    async run(subject) {
      const look = async (world: VenueWorld) => {
        const { value, asOf } = answerOf(await world.holdings(), 'holdings')
        assert.ok(asOf <= world.clock.now() && asOf > 0, `asOf: was ${asOf}`)
        for (const row of value) assertHolding(row)
      }
      await inWorld(subject, look)
      await eachAction(subject, async (world, { execute }) => {
        await execute()
        await look(world)
      })
    },
  },
  {
    id: 'VC-42',
    promise: 'never says that nothing is held because it could not look',
    prerequisite: 'a market that is away: 503, broken connections',
    action: 'holdings are asked',
    passes: 'a typed error, never an empty list',
    run: subject => failsWith(subject, { kind: 'status', status: 503 }, { kind: 'drop' }),
  },
  {
    id: 'VC-43',
    promise: 'never says that nothing is held because the answer could not be read',
    prerequisite: 'a market whose answers stop in the middle, or are a page for people',
    action: 'holdings are asked',
    passes: 'a typed error, never an empty list',
    run: subject => failsWith(subject, { kind: 'malformed-json' }, { kind: 'html-page' }, { kind: 'half-body' }),
  },
  {
    id: 'VC-44',
    promise: 'never says that nothing is held because it may not look',
    prerequisite: 'a market that answers 401, or 403',
    action: 'holdings are asked',
    passes: 'a typed error, never an empty list',
    run: subject => failsWith(subject, { kind: 'status', status: 401 }, { kind: 'status', status: 403 }),
  },
  {
    id: 'VC-45',
    promise: 'tells the same of what is held when the market adds fields',
    prerequisite: 'each action done, and a market that adds a field to every object',
    action: 'holdings are asked with and without the additions',
    passes: 'the rows are equal',
    run: subject =>
      eachAction(subject, async (world, { execute }) => {
        await execute()
        const plain = answerOf(await world.holdings(), 'holdings').value
        world.proxy.add({ kind: 'extra-fields' })
        assert.deepEqual(answerOf(await world.holdings(), 'holdings').value, plain)
      }),
  },
  {
    id: 'VC-46',
    promise: 'never says that nothing is held because a field that matters is missing or of another type',
    prerequisite:
      'each action done, and the fields that `holdingsMatter` names, one by one missing and an object in every answer',
    action: 'holdings are asked',
    passes: 'a typed error',
    skip: ({ holdingsMatter }) =>
      holdingsMatter === undefined ? 'the fixtures name no field that matters to holdings' : undefined,
    async run(subject) {
      const missed = new Set(subject.holdingsMatter)
      const refuses = async (world: VenueWorld) => {
        for (const field of subject.holdingsMatter ?? [])
          for (const kind of ['missing-field', 'mistyped-field'] as const) {
            const planned = world.proxy.add({ kind, field })
            const outcome = await world.holdings()
            // Where nothing is held, no row can lack a field.
            if (planned.changed > 0) {
              errorOf(outcome, `holdings, ${kind} ${field}`)
              missed.delete(field)
            }
            planned.release()
          }
      }
      await inWorld(subject, refuses)
      await eachAction(subject, async (world, { execute }) => {
        await execute()
        await refuses(world)
      })
      assert.deepEqual([...missed], [], 'fixture: no answer holds these fields')
    },
  },
]

async function failsWith(subject: VenueSubject, ...faults: readonly Fault[]): Promise<void> {
  for (const fault of faults)
    await inWorld(subject, async world => {
      world.proxy.add(fault)
      errorOf(await world.holdings(), `holdings, ${fault.kind}`)
    })
}

/** A row that people and programs can go by. */
export function assertHolding({ asset, kind, description, quantity, exposure, costPerHour }: Holding): void {
  for (const text of [asset, kind, description]) assert.match(text, /\S/)
  for (const figure of [quantity, exposure, costPerHour])
    assert.ok(Number.isFinite(figure), `${asset}: expected finite figures`)
}
