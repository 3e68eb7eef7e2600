import assert from 'node:assert/strict'
import type { Fault } from '../proxy/fault.ts'
import { eachQuery } from './in-world.ts'
import { answerOf, errorOf } from './outcome.ts'
import type { VenueCheck } from './venue-check.ts'
import type { VenueSubject } from './venue-subject.ts'

/** A venue takes from an answer what it needs, and guesses nothing. */
export const readingChecks: readonly VenueCheck[] = [
  {
    id: 'VC-20',
    promise: 'does not mind fields that it does not know',
    prerequisite: 'a market that adds a field to every object that it sends',
    action: 'each query is asked, and asked without the additions on a market that began alike',
    passes: 'the values are equal',
    run: subject => readsTheSame(subject, { kind: 'extra-fields' }),
  },
  {
    id: 'VC-21',
    promise: 'takes the last of a field that is said twice, as JSON does',
    prerequisite: 'a market that says a field of every object twice',
    action: 'each query is asked, and asked without the repetitions on a market that began alike',
    passes: 'the values are equal',
    run: subject => readsTheSame(subject, { kind: 'duplicate-fields' }),
  },
  {
    id: 'VC-22',
    promise: 'makes up nothing where a field that matters is missing',
    prerequisite: 'the fields that `matters` names, one by one left out of every answer',
    action: 'each query is asked',
    passes: 'a typed error in one line',
    skip: nothingMatters,
    run: subject => refusesEachField(subject, field => ({ kind: 'missing-field', field })),
  },
  {
    id: 'VC-23',
    promise: 'makes up nothing where a field that matters has another name',
    prerequisite: 'the fields that `matters` names, one by one renamed in every answer',
    action: 'each query is asked',
    passes: 'a typed error in one line',
    skip: nothingMatters,
    run: subject =>
      refusesEachField(subject, field => ({ kind: 'renamed-field', field, to: `new_${field.split('.').at(-1)}` })),
  },
  {
    id: 'VC-24',
    promise: 'makes up nothing where a field that matters has a value of another type',
    prerequisite: 'the fields that `matters` names, one by one an object in every answer',
    action: 'each query is asked',
    passes: 'a typed error in one line',
    skip: nothingMatters,
    run: subject => refusesEachField(subject, field => ({ kind: 'mistyped-field', field })),
  },
  {
    id: 'VC-25',
    promise: 'refuses an answer that is not JSON',
    prerequisite: 'a market whose answers stop in the middle',
    action: 'each query is asked',
    passes: 'a typed error in one line, `effect` none',
    run: subject => refuses(subject, { kind: 'malformed-json' }),
  },
  {
    id: 'VC-26',
    promise: 'refuses half an answer',
    prerequisite: 'a market whose connection breaks after half of each answer',
    action: 'each query is asked',
    passes: 'a typed error in one line, `effect` none',
    run: subject => refuses(subject, { kind: 'half-body' }),
  },
  {
    id: 'VC-27',
    promise: 'refuses a page for people that somebody on the way sends instead of the answer',
    prerequisite: 'answers with status 200 that hold HTML',
    action: 'each query is asked',
    passes: 'a typed error in one line, `effect` none',
    run: subject => refuses(subject, { kind: 'html-page' }),
  },
]

function nothingMatters({ queries }: VenueSubject): string | undefined {
  const isNamed = Object.values(queries).some(({ matters }) => matters.length > 0)
  return isNamed ? undefined : 'the fixtures name no field that matters'
}

async function readsTheSame(subject: VenueSubject, fault: Fault): Promise<void> {
  const plain = new Map<string, unknown>()
  await eachQuery(subject, async (_world, { kind, ask }) => {
    plain.set(kind, answerOf(await ask(), kind).value)
  })
  await eachQuery(subject, async ({ proxy }, { kind, ask }) => {
    const planned = proxy.add(fault)
    const { value } = answerOf(await ask(), kind)
    assert.ok(planned.hits > 0, 'fixture: nothing was asked of the market')
    assert.deepEqual(value, plain.get(kind))
  })
}

function refuses(subject: VenueSubject, fault: Fault): Promise<void> {
  return eachQuery(subject, async (world, { kind, ask }) => {
    world.proxy.add(fault)
    assert.equal(errorOf(await ask(), kind).effect, 'none')
  })
}

async function refusesEachField(subject: VenueSubject, faultOf: (field: string) => Fault): Promise<void> {
  await eachQuery(subject, async (world, { kind, ask, fixture }) => {
    for (const field of fixture.matters) {
      const planned = world.proxy.add(faultOf(field))
      const outcome = await ask({}, await world.newVenue())
      assert.ok(planned.changed > 0, `fixture: no answer holds ${field}`)
      errorOf(outcome, `${kind}, ${field}`)
      planned.release()
    }
  })
}
