import assert from 'node:assert/strict'
import { eachQuery } from './in-world.ts'
import { errorOf } from './outcome.ts'
import { withinPatience } from './patience.ts'
import type { VenueCheck } from './venue-check.ts'
import type { VenueSubject } from './venue-subject.ts'

const retryAfterS = 40
/** Requests that one question may cost while all of them fail; more is hammering. */
const requestsMax = 40

/** What a venue says when its questions are refused or not answered. */
export const refusalChecks: readonly VenueCheck[] = [
  {
    id: 'VC-30',
    promise: 'says that its key is refused, and does not try it again',
    prerequisite: 'a market that answers 401',
    action: 'each query is asked',
    passes: 'a typed error, not retryable, `effect` none; the market was asked once',
    run: subject => refusedForGood(subject, 401),
  },
  {
    id: 'VC-31',
    promise: 'says that its key may not look, and does not try it again',
    prerequisite: 'a market that answers 403',
    action: 'each query is asked',
    passes: 'a typed error, not retryable, `effect` none',
    run: subject => refusedForGood(subject, 403),
  },
  {
    id: 'VC-32',
    promise: 'says that there is no such thing, and does not look for it again and again',
    prerequisite: 'a market that answers 404',
    action: 'each query is asked',
    passes: 'a typed error, not retryable, `effect` none',
    run: subject => refusedForGood(subject, 404),
  },
  {
    id: 'VC-33',
    promise: 'asks again after it was too fast, or leaves that to the caller',
    prerequisite: 'a market that answers 429 once, without Retry-After',
    action: 'each query is asked',
    passes: 'the answer, after a wait; or a typed error that is retryable',
    run: subject =>
      eachQuery(subject, async (world, { ask, kind }) => {
        const { proxy } = world
        const planned = proxy.add({ kind: 'status', status: 429, times: 1 })
        const outcome = ask()
        if (!(await world.untilMet(planned, outcome))) return
        const refusedAt = proxy.requests.length
        const ended = await outcome
        if (!ended.ok) assert.equal(errorOf(ended, kind).retryable, true)
        assertWaited(proxy.requests.slice(refusedAt - 1), 1)
      }),
  },
  {
    id: 'VC-34',
    promise: 'waits as long as the market says, and tells the caller',
    prerequisite: `a market that answers 429 once, with Retry-After: ${retryAfterS}`,
    action: 'each query is asked',
    passes: 'nothing is sent before that time is over by the clock; an error names it as `retryAfterMs`',
    run: subject =>
      eachQuery(subject, async (world, { ask, kind }) => {
        const { proxy } = world
        const planned = proxy.add({ kind: 'status', status: 429, retryAfterS, times: 1 })
        const outcome = ask()
        if (!(await world.untilMet(planned, outcome))) return
        const refusedAt = proxy.requests.length
        const ended = await outcome
        if (!ended.ok) assert.ok((errorOf(ended, kind).retryAfterMs ?? 0) >= retryAfterS * 1000, 'retryAfterMs')
        assertWaited(proxy.requests.slice(refusedAt - 1), retryAfterS * 1000)
      }),
  },
  {
    id: 'VC-35',
    promise: 'gives up on a market that finds it too fast for ever',
    prerequisite: 'a market that answers 429 to everything',
    action: 'each query is asked',
    passes: `a typed error that is retryable, \`effect\` none, after at most ${requestsMax} requests`,
    run: subject => retryableAtTheEnd(subject, { kind: 'status', status: 429 }),
  },
  {
    id: 'VC-36',
    promise: 'gets over a market that stumbles once, or leaves that to the caller',
    prerequisite: 'a market that answers 503 once',
    action: 'each query is asked',
    passes: 'the answer, or a typed error that is retryable',
    run: subject =>
      eachQuery(subject, async ({ proxy }, { ask, kind }) => {
        proxy.add({ kind: 'status', status: 503, times: 1 })
        const outcome = await ask()
        if (!outcome.ok) assert.equal(errorOf(outcome, kind).retryable, true)
      }),
  },
  {
    id: 'VC-37',
    promise: 'gives up on a market that is in trouble',
    prerequisite: 'a market that answers 500 to everything',
    action: 'each query is asked',
    passes: `a typed error that is retryable, \`effect\` none, after at most ${requestsMax} requests`,
    run: subject => retryableAtTheEnd(subject, { kind: 'status', status: 500 }),
  },
  {
    id: 'VC-38',
    promise: 'gives up on connections that break',
    prerequisite: 'a market that breaks every connection before it answers',
    action: 'each query is asked',
    passes: `a typed error that is retryable, \`effect\` none, after at most ${requestsMax} requests`,
    run: subject => retryableAtTheEnd(subject, { kind: 'drop' }),
  },
  {
    id: 'VC-39',
    promise: 'says that nobody is there',
    prerequisite: 'an address at which nobody listens',
    action: 'each query is asked',
    passes: 'a typed error, `effect` none',
    run: subject =>
      eachQuery(subject, async (world, { ask, kind }) => {
        const lonely = await world.newVenue(await world.deadUrl())
        assert.equal(errorOf(await ask({}, lonely), kind).effect, 'none')
      }),
  },
  {
    id: 'VC-40',
    promise: 'does not wait for ever',
    prerequisite: 'a market that never answers, and a venue with a short limit',
    action: 'each query is asked',
    passes: 'a typed error, `effect` none',
    run: subject =>
      eachQuery(
        subject,
        async ({ proxy }, { ask, kind }) => {
          proxy.add({ kind: 'hold' })
          assert.equal(errorOf(await withinPatience(ask(), subject), kind).effect, 'none')
        },
        { isHasty: true },
      ),
  },
]

function refusedForGood(subject: VenueSubject, status: number): Promise<void> {
  return eachQuery(subject, async ({ proxy }, { ask, kind }) => {
    const before = proxy.requests.length
    proxy.add({ kind: 'status', status })
    const error = errorOf(await ask(), kind)
    assert.equal(error.effect, 'none')
    assert.equal(error.retryable, false, `${error.code}: expected an error that is not retryable`)
    const asked = proxy.requests
      .slice(before)
      .map(({ method, path, query, body }) => `${method} ${path} ${query} ${body}`)
    assert.equal(new Set(asked).size, asked.length, 'the same was asked again')
  })
}

function retryableAtTheEnd(
  subject: VenueSubject,
  fault: { readonly kind: 'status'; readonly status: number } | { readonly kind: 'drop' },
): Promise<void> {
  return eachQuery(subject, async ({ proxy }, { ask, kind }) => {
    const planned = proxy.add(fault)
    const error = errorOf(await ask(), kind)
    assert.equal(error.effect, 'none')
    assert.equal(error.retryable, true, `${error.code}: expected an error that is retryable`)
    assert.ok(planned.hits <= requestsMax, `expected at most ${requestsMax} requests, were ${planned.hits}`)
  })
}

/** Between the first and the second of the requests lies at least so much of the clock's time. */
export function assertWaited(requests: readonly { readonly atMs: number }[], waitMs: number): void {
  const [refused, next] = requests
  if (refused === undefined || next === undefined) return
  const waited = next.atMs - refused.atMs
  assert.ok(waited >= waitMs, `expected a wait of at least ${waitMs} ms, was ${waited} ms`)
}
