import assert from 'node:assert/strict'
import { canonicalJson, type Intent, type Receipt, toMicros } from '@org/core'
import { assertHonest } from './honesty.ts'
import { eachAction, inWorld } from './in-world.ts'
import { answerOf, errorOf, outcomeOf } from './outcome.ts'
import { withinPatience } from './patience.ts'
import { noneOfActions } from './skip-reasons.ts'
import type { VenueCheck } from './venue-check.ts'

/** An intent is carried out once, or refused before anything left. */
export const executeChecks: readonly VenueCheck[] = [
  {
    id: 'VC-50',
    promise: 'does what an intent asks for, once',
    prerequisite: 'each action that could be done',
    action: 'its intent is carried out',
    passes: 'a receipt, and the market has done it once',
    run: subject =>
      eachAction(subject, async (_world, { execute, count, name }) => {
        answerOf(await execute(), name)
        assert.equal(await count(), 1)
      }),
  },
  {
    id: 'VC-51',
    promise: 'gives a receipt from which budgets can be posted',
    prerequisite: 'each action that could be done',
    action: 'its intent is carried out',
    passes: "the intent's id, a time by the clock, finite postings, details that are JSON",
    run: subject =>
      eachAction(subject, async ({ clock }, { execute, intent, name }) => {
        const before = clock.now()
        const receipt = answerOf(await execute(), name)
        assertReceipt(receipt, intent)
        assert.ok(receipt.at >= before && receipt.at <= clock.now(), `at: expected ${before} to ${clock.now()}`)
      }),
  },
  {
    id: 'VC-52',
    promise: 'refuses wrong params before anything is sent',
    prerequisite: 'the wrong params of each fixture, in an intent that did not pass the gate',
    action: 'it is carried out',
    passes: 'a typed error in one line, `effect` none; no request left',
    run: subject =>
      eachAction(subject, async ({ venue, proxy }, { intent, fixture, name }) => {
        const before = proxy.requests.length
        for (const params of fixture.wrong) {
          const wrong: Intent = { ...intent, params }
          const error = errorOf(await outcomeOf(() => venue.execute(wrong, { idempotencyKey: intent.id })), name)
          assert.equal(error.effect, 'none')
        }
        assert.equal(proxy.requests.length, before, 'a request left')
      }),
  },
  {
    id: 'VC-53',
    promise: 'refuses an action that it does not know',
    prerequisite: 'names that are no action of the venue, and names that every object has',
    action: 'an intent for it is carried out',
    passes: 'a typed error in one line, `effect` none; no request left',
    run: subject =>
      inWorld(subject, async world => {
        const before = world.proxy.requests.length
        for (const action of ['no-such-action', '', 'toString', '__proto__']) {
          const intent = world.intent(action, { params: {} })
          const ended = await outcomeOf(() => world.venue.execute(intent, { idempotencyKey: intent.id }))
          assert.equal(errorOf(ended, `action ${JSON.stringify(action)}`).effect, 'none')
        }
        assert.equal(world.proxy.requests.length, before, 'a request left')
      }),
  },
  {
    id: 'VC-54',
    promise: 'does an intent once, however often it is carried out under one key',
    prerequisite: 'each action, done; and another process that does not know',
    action: 'the same intent is carried out again, here and there',
    passes: 'the market has done it once',
    run: subject =>
      eachAction(subject, async (world, { execute, count, name }) => {
        answerOf(await execute(), name)
        await execute()
        await execute({}, await world.newVenue())
        assert.equal(await count(), 1)
      }),
  },
  {
    id: 'VC-55',
    promise: 'does nothing once it has been told to stop',
    prerequisite: 'a signal that has been aborted',
    action: 'each intent is carried out with it',
    passes: 'the error ABORTED, `effect` none; no request left, nothing was done',
    run: subject =>
      eachAction(subject, async ({ proxy }, { execute, count, name }) => {
        const before = proxy.requests.length
        const error = errorOf(await execute({ signal: AbortSignal.abort() }), name)
        assert.deepEqual([error.code, error.effect, await count()], ['ABORTED', 'none', 0])
        assert.equal(proxy.requests.length, before, 'a request left')
      }),
  },
  {
    id: 'VC-56',
    promise: 'stops when it is told to, and says that a request had left',
    prerequisite: 'a market that has done what was asked, and whose answer does not come',
    action: 'the signal is aborted meanwhile',
    passes: 'an error at once, whose `effect` is not none',
    run: subject =>
      eachAction(subject, async (world, { execute, sends, count, name }) => {
        const held = world.proxy.add({ kind: 'hold', afterEffect: true, ...sends })
        const stop = new AbortController()
        const ended = execute({ signal: stop.signal })
        assert.ok(await world.untilMet(held, ended), 'fixture: no request was one that `sends` means')
        stop.abort()
        const error = errorOf(await withinPatience(ended, subject), name)
        assert.notEqual(error.effect, 'none', `the market has done it ${await count()} times`)
      }),
  },
  {
    id: 'VC-57',
    promise: 'adds nothing to what is at stake by an action that it declares as reducing',
    prerequisite: 'each action that is declared so',
    action: 'its intent is carried out',
    passes: 'the receipt posts no more `exposure` or `position`',
    skip: subject => noneOfActions(subject, ({ reduces }) => reduces, 'no action is declared as reducing'),
    run: subject =>
      eachAction(subject, async (_world, { execute, definition, name }) => {
        if (!definition.reduces) return
        for (const { measure, amount } of answerOf(await execute(), name).postings)
          if (measure === 'exposure' || measure === 'position')
            assert.ok(toMicros(amount, 'up') <= 0, `${measure}: expected at most 0, was ${amount}`)
      }),
  },
  {
    id: 'VC-58',
    promise: 'does not mind fields that it does not know in the answers to what it does',
    prerequisite: 'a market that adds a field to every object that it sends',
    action: 'each intent is carried out',
    passes: 'a receipt from which budgets can be posted, and the market has done it once',
    run: subject =>
      eachAction(subject, async ({ proxy }, action) => {
        proxy.add({ kind: 'extra-fields' })
        const ended = await action.execute()
        assertReceipt(answerOf(ended, action.name), action.intent)
        await assertHonest(action, ended)
      }),
  },
]

/** Fit to be posted, and to be written into a journal. */
export function assertReceipt(receipt: Receipt, intent: Intent): void {
  assert.equal(receipt.intentId, intent.id)
  assert.ok(Number.isFinite(receipt.at), 'at: expected milliseconds since the epoch')
  assert.ok(Array.isArray(receipt.postings), 'expected postings')
  for (const { measure, amount } of receipt.postings) {
    assert.match(measure, /\S/)
    assert.doesNotThrow(() => toMicros(amount, 'up'), `posting ${measure}: expected a finite amount, was ${amount}`)
  }
  assert.deepEqual(JSON.parse(canonicalJson(receipt)), JSON.parse(JSON.stringify(receipt)))
  assert.equal(typeof (receipt.venueRef ?? ''), 'string')
}
