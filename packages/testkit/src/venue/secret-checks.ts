import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { formsOf } from './forms-of-secret.ts'
import { eachAction, eachQuery } from './in-world.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { textOf } from './recording-logger.ts'
import type { VenueCheck } from './venue-check.ts'
import type { VenueSubject } from './venue-subject.ts'
import type { VenueWorld } from './venue-world.ts'

/** Keys and passwords go to the market, in a header or a body, and nowhere else. */
export const secretChecks: readonly VenueCheck[] = [
  {
    id: 'VC-90',
    promise: 'keeps its keys out of errors, also where the market repeats them',
    prerequisite:
      'a market that refuses with 400, 401, 403, 429 and 500 and repeats the request with its headers, answers nonsense, or hangs up',
    action: 'everything is asked and carried out; errors are shown whole, with details, stack and causes',
    passes: 'no secret in them: plain, escaped, URL-encoded or as base64',
    skip: noSecrets,
    run: subject => staysSecret(subject, 'errors'),
  },
  {
    id: 'VC-91',
    promise: 'keeps its keys out of what it logs',
    prerequisite: 'the same market, and a logger that keeps every line with its fields',
    action: 'everything is asked and carried out',
    passes: 'no secret in any line',
    skip: noSecrets,
    run: subject => staysSecret(subject, 'lines'),
  },
  {
    id: 'VC-92',
    promise: 'keeps its keys out of what it shows: observations, holdings, receipts',
    prerequisite: 'the same market, between its faults',
    action: 'everything is asked and carried out',
    passes: 'no secret in any value',
    skip: noSecrets,
    run: subject => staysSecret(subject, 'values'),
  },
  {
    id: 'VC-93',
    promise: 'keeps its keys out of addresses, which servers and proxies write down',
    prerequisite: 'a proxy that sees every request',
    action: 'everything is asked and carried out',
    passes: 'no secret in a path or a query',
    skip: noSecrets,
    run: subject => staysSecret(subject, 'addresses'),
  },
]

function noSecrets({ secrets }: VenueSubject): string | undefined {
  return secrets === undefined ? 'the venue needs no key' : undefined
}

/** All that a venue let out while everything was asked and carried out, as text. */
interface Collected {
  readonly errors: string[]
  readonly lines: string[]
  readonly values: string[]
  readonly addresses: string[]
  readonly secrets: Set<string>
}

const faults = [
  ...[400, 401, 403, 429, 500].map(status => ({ kind: 'status', status, echo: true }) as const),
  { kind: 'html-page' },
  { kind: 'malformed-json' },
  { kind: 'drop' },
] as const

const tours = new WeakMap<VenueSubject, Promise<Collected>>()

/** The same tour serves all checks of a venue. */
async function staysSecret(subject: VenueSubject, part: Exclude<keyof Collected, 'secrets'>): Promise<void> {
  const running = tours.get(subject) ?? tour(subject)
  tours.set(subject, running)
  const collected = await running
  const forms = [...collected.secrets].flatMap(formsOf)
  for (const text of collected[part])
    for (const form of forms)
      assert.ok(!text.includes(form), `a secret stands in ${text.replaceAll(form, '[HERE]').slice(0, 400)}`)
}

/** Lets the venue meet everything. */
async function tour(subject: VenueSubject): Promise<Collected> {
  const collected: Collected = { errors: [], lines: [], values: [], addresses: [], secrets: new Set() }
  const visit = async (world: VenueWorld, calls: readonly (() => Promise<Outcome<unknown>>)[]) => {
    for (const fault of [...faults, undefined]) {
      const planned = fault && world.proxy.add(fault)
      for (const call of calls) {
        const ended = await call()
        if (ended.ok) collected.values.push(textOf(ended.value))
        else collected.errors.push(`${textOf(ended.error)} ${inspect(ended.error, { depth: 8 })}`)
      }
      planned?.release()
    }
    collected.lines.push(...world.lines)
    collected.addresses.push(...world.proxy.requests.map(({ path, query }) => `${path}?${query}`))
    for (const secret of subject.secrets?.(world.market) ?? []) collected.secrets.add(secret)
  }
  await eachQuery(subject, (world, { ask }) =>
    visit(world, [() => outcomeOf(() => world.venue.connect()), ask, () => world.holdings()]),
  )
  await eachAction(subject, (world, { execute, reconcile }) => visit(world, [() => execute(), () => reconcile()]))
  return collected
}
