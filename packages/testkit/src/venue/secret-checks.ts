import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { type Outcome, outcomeOf } from './outcome.ts'
import { textOf } from './recording-logger.ts'
import type { VenueCheck } from './venue-check.ts'
import type { VenueSubject } from './venue-subject.ts'
import { eachAction, eachQuery, type VenueWorld } from './venue-world.ts'

/** Shorter ones would be found in ordinary text. */
const secretLengthMin = 4

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
    run: subject =>
      tour(subject, ({ errors }) => errors.map(error => `${textOf(error)} ${inspect(error, { depth: 8 })}`)),
  },
  {
    id: 'VC-91',
    promise: 'keeps its keys out of what it logs',
    prerequisite: 'the same market, and a logger that keeps every line with its fields',
    action: 'everything is asked and carried out',
    passes: 'no secret in any line',
    skip: noSecrets,
    run: subject => tour(subject, ({ world }) => world.lines),
  },
  {
    id: 'VC-92',
    promise: 'keeps its keys out of what it shows: observations, holdings, receipts',
    prerequisite: 'the same market, between its faults',
    action: 'everything is asked and carried out',
    passes: 'no secret in any value',
    skip: noSecrets,
    run: subject => tour(subject, ({ values }) => values.map(textOf)),
  },
  {
    id: 'VC-93',
    promise: 'keeps its keys out of addresses, which servers and proxies write down',
    prerequisite: 'a proxy that sees every request',
    action: 'everything is asked and carried out',
    passes: 'no secret in a path or a query',
    skip: noSecrets,
    run: subject => tour(subject, ({ world }) => world.proxy.requests.map(({ path, query }) => `${path}?${query}`)),
  },
]

function noSecrets({ secrets }: VenueSubject): string | undefined {
  return secrets === undefined ? 'the venue needs no key' : undefined
}

interface Collected {
  readonly world: VenueWorld
  readonly errors: readonly unknown[]
  readonly values: readonly unknown[]
}

const faults = [
  ...[400, 401, 403, 429, 500].map(status => ({ kind: 'status', status, echo: true }) as const),
  { kind: 'html-page' },
  { kind: 'malformed-json' },
  { kind: 'drop' },
] as const

/** Lets the venue meet everything, and looks for secrets in what `show` takes from what was collected. */
async function tour(subject: VenueSubject, show: (collected: Collected) => readonly string[]): Promise<void> {
  const visit = async (world: VenueWorld, calls: readonly (() => Promise<Outcome<unknown>>)[]) => {
    const errors: unknown[] = []
    const values: unknown[] = []
    for (const fault of [...faults, undefined]) {
      const planned = fault && world.proxy.add(fault)
      for (const call of calls) {
        const ended = await call()
        if (ended.ok) values.push(ended.value)
        else errors.push(ended.error)
      }
      planned?.release()
    }
    const secrets = subject.secrets?.(world.market).filter(({ length }) => length >= secretLengthMin) ?? []
    for (const text of show({ world, errors, values }))
      for (const secret of secrets)
        for (const form of formsOf(secret))
          assert.ok(!text.includes(form), `a secret stands in ${text.replaceAll(form, '[HERE]').slice(0, 400)}`)
  }
  await eachQuery(subject, (world, { ask }) =>
    visit(world, [() => outcomeOf(() => world.venue.connect()), ask, () => world.holdings()]),
  )
  await eachAction(subject, (world, { execute, reconcile }) => visit(world, [() => execute(), () => reconcile()]))
}

function formsOf(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64')
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64, encodeURIComponent(base64)]
}
