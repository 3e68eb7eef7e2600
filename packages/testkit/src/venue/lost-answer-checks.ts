import assert from 'node:assert/strict'
import type { Receipt } from '@org/core'
import type { Fault } from '../proxy/fault.ts'
import { assertHonest } from './honesty.ts'
import { eachAction, type WorldOptions } from './in-world.ts'
import { errorOf, type Outcome } from './outcome.ts'
import { withinPatience } from './patience.ts'
import { assertWaited } from './refusal-checks.ts'
import type { VenueCheck } from './venue-check.ts'
import type { VenueSubject } from './venue-subject.ts'
import type { ShownAction, VenueWorld } from './venue-world.ts'

const retryAfterS = 40

/** What a venue says of an effect when the market refuses, stumbles, or its answer is lost. */
export const lostAnswerChecks: readonly VenueCheck[] = [
  {
    id: 'VC-60',
    promise: 'says of an intent whose key was refused that nothing was done',
    prerequisite: 'a market that answers 401 to what changes something',
    action: 'each intent is carried out',
    passes: 'a typed error, `effect` none, not retryable',
    run: subject => refusedForGood(subject, 401),
  },
  {
    id: 'VC-61',
    promise: 'says of an intent that its key does not permit that nothing was done',
    prerequisite: 'a market that answers 403 to what changes something',
    action: 'each intent is carried out',
    passes: 'a typed error, `effect` none, not retryable',
    run: subject => refusedForGood(subject, 403),
  },
  {
    id: 'VC-62',
    promise: 'says of an intent about something that is not there that nothing was done',
    prerequisite: 'a market that answers 404 to what changes something',
    action: 'each intent is carried out',
    passes: 'a typed error, `effect` none, not retryable; a receipt for ending what is gone',
    run: subject =>
      eachAction(subject, async ({ proxy }, action) => {
        proxy.add({ kind: 'status', status: 404, ...action.sends })
        const ended = await action.execute()
        if (ended.ok) assert.equal(action.definition.reduces, true, 'expected an error, was a receipt')
        else await assertNothingDone(ended, action)
      }),
  },
  {
    id: 'VC-63',
    promise: 'sends again after it was too fast, or says that nothing was done',
    prerequisite: 'a market that answers 429 once to what changes something, without Retry-After',
    action: 'each intent is carried out',
    passes: 'a receipt and it was done once; or a typed error that is retryable, `effect` none',
    run: subject =>
      everyAction(subject, { kind: 'status', status: 429, times: 1 }, (ended, { name }) => {
        if (ended.ok) return
        const { effect, retryable } = errorOf(ended, name)
        assert.deepEqual({ effect, retryable }, { effect: 'none', retryable: true })
      }),
  },
  {
    id: 'VC-64',
    promise: 'sends nothing more before the time that the market asks it to wait is over',
    prerequisite: `a market that answers 429 once to what changes something, with Retry-After: ${retryAfterS}`,
    action: 'each intent is carried out',
    passes: 'the next such request comes that much later by the clock; an error names it as `retryAfterMs`',
    run: subject =>
      everyAction(subject, { kind: 'status', status: 429, retryAfterS, times: 1 }, (ended, { name, sent }) => {
        if (!ended.ok) assert.ok((errorOf(ended, name).retryAfterMs ?? 0) >= retryAfterS * 1000, 'retryAfterMs')
        assertWaited(sent(), retryAfterS * 1000)
      }),
  },
  {
    id: 'VC-65',
    promise: 'stops waiting when it is told to, and nothing was done',
    prerequisite: `a market that answers 429 to what changes something, with Retry-After: ${retryAfterS}`,
    action: 'the signal is aborted a second later',
    passes: 'an error at once whose `effect` is none, and nothing more was sent',
    run: subject =>
      eachAction(subject, async (world, action) => {
        const { proxy, clock } = world
        const refused = proxy.add({ kind: 'status', status: 429, retryAfterS, ...action.sends })
        const stop = new AbortController()
        const running = action.execute({ signal: stop.signal })
        assert.ok(await world.untilMet(refused, running), 'fixture: no request was one that `sends` means')
        const { length: sent } = action.sent()
        await clock.sleep(1000)
        stop.abort()
        const stoppedAt = clock.now()
        assert.equal(errorOf(await withinPatience(running, subject), action.name).effect, 'none')
        assert.ok(clock.now() < stoppedAt + 1000, `it went on for ${clock.now() - stoppedAt} ms`)
        assert.equal(action.sent().length, sent, 'it was sent again')
      }),
  },
  {
    id: 'VC-66',
    promise: 'gives up on a market that finds it too fast for ever, and nothing was done',
    prerequisite: 'a market that answers 429 to what changes something',
    action: 'each intent is carried out',
    passes: 'a typed error that is retryable, `effect` none',
    run: subject =>
      everyAction(subject, { kind: 'status', status: 429 }, (ended, { name }) => {
        const { effect, retryable } = errorOf(ended, name)
        assert.deepEqual({ effect, retryable }, { effect: 'none', retryable: true })
      }),
  },
  {
    id: 'VC-67',
    promise: 'is honest when the market fails before it has done anything',
    prerequisite: 'a market that answers 502 once to what changes something',
    action: 'each intent is carried out',
    passes: 'a receipt and it was done once, or a typed error whose `effect` is true',
    run: subject => everyAction(subject, { kind: 'status', status: 502, times: 1 }),
  },
  {
    id: 'VC-68',
    promise: 'is honest when the market fails after it has done what was asked',
    prerequisite: 'a market that does what changes something and answers 502',
    action: 'each intent is carried out',
    passes: 'a receipt, or a typed error whose `effect` is unknown or done; never twice',
    run: subject => everyAction(subject, { kind: 'status', status: 502, afterEffect: true }),
  },
  {
    id: 'VC-69',
    promise: 'is honest when the connection breaks before the market has done anything',
    prerequisite: 'a connection that breaks once before the market has seen what changes something',
    action: 'each intent is carried out',
    passes: 'a receipt and it was done once, or a typed error whose `effect` is true',
    run: subject => everyAction(subject, { kind: 'drop', times: 1 }),
  },
  {
    id: 'VC-70',
    promise: 'is honest when the connection breaks after the market has done what was asked',
    prerequisite: 'connections that break instead of bringing the answer to what changes something',
    action: 'each intent is carried out',
    passes: 'a receipt, or a typed error whose `effect` is unknown or done; never twice',
    run: subject => everyAction(subject, { kind: 'drop', afterEffect: true }),
  },
  {
    id: 'VC-71',
    promise: 'is honest when it cannot read the answer to what it has done',
    prerequisite: 'answers that stop in the middle',
    action: 'each intent is carried out',
    passes: 'a receipt, or a typed error whose `effect` is unknown or done; never twice',
    run: subject => everyAction(subject, { kind: 'malformed-json' }),
  },
  {
    id: 'VC-72',
    promise: 'is honest when half of the answer to what it has done is lost',
    prerequisite: 'connections that break after half of each answer',
    action: 'each intent is carried out',
    passes: 'a receipt, or a typed error whose `effect` is unknown or done; never twice',
    run: subject => everyAction(subject, { kind: 'half-body' }),
  },
  {
    id: 'VC-73',
    promise: 'is honest when a page for people comes instead of the answer to what it has done',
    prerequisite: 'answers with status 200 that hold HTML',
    action: 'each intent is carried out',
    passes: 'a receipt, or a typed error whose `effect` is unknown or done; never twice',
    run: subject => everyAction(subject, { kind: 'html-page' }),
  },
  {
    id: 'VC-74',
    promise: 'is honest when the answer to what it has done does not come in time',
    prerequisite: 'a market that does what was asked and never answers; a venue with a short limit',
    action: 'each intent is carried out',
    passes: 'a receipt, or a typed error whose `effect` is unknown or done; never twice',
    run: subject => everyAction(subject, { kind: 'hold', afterEffect: true }, undefined, { isHasty: true }),
  },
  {
    id: 'VC-75',
    promise: 'says that nothing was done when nobody is there to do it',
    prerequisite: 'an address at which nobody listens',
    action: 'each intent is carried out',
    passes: 'a typed error, `effect` none',
    run: subject =>
      eachAction(subject, async (world, { execute, name }) => {
        const lonely = await world.newVenue(await world.deadUrl())
        assert.equal(errorOf(await execute({}, lonely), name).effect, 'none')
      }),
  },
  {
    id: 'VC-76',
    promise: 'says that nothing was done when it failed before anything that changes something was sent',
    prerequisite: 'a market that answers 503 to everything',
    action: 'each intent is carried out',
    passes: 'a typed error; `effect` none if none of the requests could change anything',
    run: subject =>
      eachAction(subject, async ({ proxy }, action) => {
        proxy.add({ kind: 'status', status: 503 })
        const error = errorOf(await action.execute(), action.name)
        if (action.sent().length === 0) assert.equal(error.effect, 'none')
      }),
  },
]

/** Carries out each action under a fault of what changes something, and judges what is said of it. */
function everyAction(
  subject: VenueSubject,
  fault: Fault,
  judge: (ended: Outcome<Receipt>, action: ShownAction, world: VenueWorld) => void = () => {},
  options?: WorldOptions,
): Promise<void> {
  return eachAction(
    subject,
    async (world, action) => {
      const planned = world.proxy.add({ ...fault, ...action.sends })
      const ended = await withinPatience(action.execute(), subject)
      assert.ok(planned.hits > 0, 'fixture: no request was one that `sends` means')
      if (!ended.ok) errorOf(ended, action.name)
      await assertHonest(action, ended)
      judge(ended, action, world)
    },
    options,
  )
}

function refusedForGood(subject: VenueSubject, status: number): Promise<void> {
  return eachAction(subject, async ({ proxy }, action) => {
    proxy.add({ kind: 'status', status, ...action.sends })
    await assertNothingDone(await action.execute(), action)
  })
}

async function assertNothingDone(ended: Outcome<Receipt>, { name, count }: ShownAction): Promise<void> {
  const { effect, retryable } = errorOf(ended, name)
  assert.deepEqual({ effect, retryable, done: await count() }, { effect: 'none', retryable: false, done: 0 })
}
