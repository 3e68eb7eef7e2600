import assert from 'node:assert/strict'
import type { Receipt } from '@org/core'
import { type Outcome, shown } from './outcome.ts'
import type { ShownAction } from './venue-world.ts'

/**
 * The law of effects: a receipt only when it happened once, `none` only when it did not happen, `done` only when it did, `unknown`
 * always; and it never happens twice.
 */
export async function assertHonest({ count }: ShownAction, outcome: Outcome<Receipt>): Promise<void> {
  const done = await count()
  const said = outcome.ok ? 'done' : outcome.error.effect
  const was = `the market has done it ${done} times, the venue says ${shown(outcome)}`
  assert.ok(done <= 1, `expected at most once: ${was}`)
  if (said === 'none') assert.equal(done, 0, was)
  if (said === 'done') assert.equal(done, 1, was)
}
