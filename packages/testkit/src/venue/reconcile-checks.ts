import assert from 'node:assert/strict'
import type { Reconciliation } from '@org/core'
import type { Fault } from '../proxy/fault.ts'
import { assertReceipt } from './execute-checks.ts'
import { eachAction } from './in-world.ts'
import { answerOf, errorOf, type Outcome, outcomeOf, shown } from './outcome.ts'
import { noneOfActions } from './skip-reasons.ts'
import type { VenueCheck } from './venue-check.ts'
import type { VenueSubject } from './venue-subject.ts'

const dayMs = 86_400_000

/** What became of an intent is found out by its key, and nothing is changed by asking. */
export const reconcileChecks: readonly VenueCheck[] = [
  {
    id: 'VC-80',
    promise: 'finds what was done when the answer was lost',
    prerequisite: 'each action, done, with connections that broke instead of bringing the answer',
    action: 'the venue is asked what became of it',
    passes: '`done`, with a receipt from which budgets can be posted',
    run: subject =>
      eachAction(subject, async ({ proxy }, { execute, reconcile, sends, intent, name }) => {
        proxy.add({ kind: 'drop', afterEffect: true, ...sends })
        await execute()
        proxy.clear()
        const fate = answerOf(await reconcile(), name)
        assert.ok(fate.status === 'done', `expected done, was ${fate.status}`)
        assertReceipt(fate.receipt, intent)
      }),
  },
  {
    id: 'VC-81',
    promise: 'finds what another process has done',
    prerequisite: 'each action, done; and a venue that was made after that and remembers nothing',
    action: 'the new venue is asked what became of it',
    passes: '`done`, with a receipt from which budgets can be posted',
    run: subject =>
      eachAction(subject, async (world, { execute, reconcile, intent, name }) => {
        answerOf(await execute(), name)
        const fate = answerOf(await reconcile({}, await world.newVenue()), name)
        assert.ok(fate.status === 'done', `expected done, was ${fate.status}`)
        assertReceipt(fate.receipt, intent)
      }),
  },
  {
    id: 'VC-82',
    promise: 'says in the end that what never arrived was not done',
    prerequisite: 'each action, with connections that broke before the market had seen anything',
    action: 'the venue is asked at once, and a day later',
    passes: 'never `done`; at the latest a day later `not-done`',
    run: subject =>
      eachAction(subject, async ({ proxy, clock }, { execute, reconcile, sends, name }) => {
        proxy.add({ kind: 'drop', ...sends })
        await execute()
        proxy.clear()
        assert.notEqual(answerOf(await reconcile(), name).status, 'done')
        await clock.sleep(dayMs)
        assert.equal(answerOf(await reconcile(), name).status, 'not-done')
      }),
  },
  {
    id: 'VC-83',
    promise: 'says of an intent that was never sent that it was not done',
    prerequisite: 'each action, not done; the intent has expired',
    action: 'the venue is asked what became of it',
    passes: '`not-done`',
    run: subject =>
      eachAction(subject, async ({ clock }, { reconcile, name }) => {
        await clock.sleep(dayMs)
        assert.equal(answerOf(await reconcile(), name).status, 'not-done')
      }),
  },
  {
    id: 'VC-84',
    promise: 'claims nothing that it cannot know while the market is away',
    prerequisite: 'each action, done and not done; a market that answers 503, or 401, or breaks connections',
    action: 'the venue is asked what became of it',
    passes: '`unknown`, or a typed error; of what was done also `done`, by a venue that has written it down',
    run: subject =>
      claimsNothingFalse(subject, { kind: 'status', status: 503 }, { kind: 'status', status: 401 }, { kind: 'drop' }),
  },
  {
    id: 'VC-85',
    promise: 'claims nothing that it cannot know while it cannot read the answers',
    prerequisite: 'each action, done and not done; answers that stop in the middle, or hold HTML, or break off',
    action: 'the venue is asked what became of it',
    passes: '`unknown`, or a typed error; of what was done also `done`, by a venue that has written it down',
    run: subject =>
      claimsNothingFalse(subject, { kind: 'malformed-json' }, { kind: 'html-page' }, { kind: 'half-body' }),
  },
  {
    id: 'VC-86',
    promise: 'changes nothing by asking what became of an intent',
    prerequisite: 'each action, not done, and done',
    action: 'the venue is asked three times each',
    passes: 'no request that could change something, and the market has done it as often as before',
    run: subject =>
      eachAction(subject, async (_world, { execute, reconcile, count, sent, name }) => {
        for (const done of [0, 1]) {
          if (done === 1) answerOf(await execute(), name)
          const { length: before } = sent()
          for (let i = 0; i < 3; i++) await reconcile()
          assert.equal(sent().length, before, 'a request left that could change something')
          assert.equal(await count(), done)
        }
      }),
  },
  {
    id: 'VC-87',
    promise: 'does not take another intent that asked for the same for this one',
    prerequisite: 'each action that does not converge, done under one key',
    action: 'the venue is asked about an intent with the same params and another key',
    passes: '`not-done`',
    skip: subject =>
      noneOfActions(subject, ({ idempotency }) => idempotency !== 'convergent', 'every action of the venue converges'),
    run: subject =>
      eachAction(subject, async (world, { execute, intent, definition, name }) => {
        if (definition.idempotency === 'convergent') return
        answerOf(await execute(), name)
        const twin = world.intent(name, { ...intent })
        await world.clock.sleep(dayMs)
        const fate = await outcomeOf(() => world.venue.reconcile(twin, { idempotencyKey: twin.id }))
        assert.equal(answerOf(fate, name).status, 'not-done')
      }),
  },
  {
    id: 'VC-88',
    promise: 'does not ask once it has been told to stop',
    prerequisite: 'a signal that has been aborted',
    action: 'the venue is asked what became of each intent',
    passes: 'the error ABORTED, or `unknown`; no request left',
    run: subject =>
      eachAction(subject, async ({ proxy }, { reconcile, name }) => {
        const before = proxy.requests.length
        const fate = await reconcile({ signal: AbortSignal.abort() })
        assertUnknown(fate)
        if (!fate.ok) assert.equal(errorOf(fate, name).code, 'ABORTED')
        assert.equal(proxy.requests.length, before, 'a request left')
      }),
  },
]

async function claimsNothingFalse(subject: VenueSubject, ...faults: readonly Fault[]): Promise<void> {
  for (const isDone of [false, true])
    await eachAction(subject, async ({ proxy }, { execute, reconcile, intent, name }) => {
      if (isDone) answerOf(await execute(), name)
      for (const fault of faults) {
        const planned = proxy.add(fault)
        const fate = await reconcile()
        planned.release()
        if (isDone && fate.ok && fate.value.status === 'done') assertReceipt(fate.value.receipt, intent)
        else assertUnknown(fate, `${isDone ? 'done' : 'not done'}, ${fault.kind}`)
      }
    })
}

function assertUnknown(fate: Outcome<Reconciliation>, when = 'aborted'): void {
  assert.ok(!fate.ok || fate.value.status === 'unknown', `${when}: expected unknown, was ${shown(fate)}`)
}
