import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Intent, IntentId } from '../intent/intent.ts'
import { emptyLedger, evolve } from './evolve.ts'
import { expiredAt } from './expiry.ts'

function intent(id: string, expiresAt: number): Intent {
  const rationale = { reason: 'test', summary: 'test' }
  const place = { domain: 'd', strategyId: 's', venueId: 'v' }
  return { ...place, id: id as IntentId, action: 'a', params: {}, effects: [], reduces: false, expiresAt, rationale }
}

it('finds exactly the reservations that are due and were not sent, in the order of their times', () => {
  const step = fc.record({ expiresAt: fc.nat(30), nowMs: fc.nat(30), end: fc.constantFrom('none', 'sent', 'released') })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const state = emptyLedger()
      for (const [i, { expiresAt, nowMs, end }] of steps.entries()) {
        const reservationId = `i${i}`
        const reserved = intent(reservationId, expiresAt)
        evolve(
          state,
          { type: 'intent-reserved', reservationId, intent: reserved, expiresAt, amounts: [], shadowed: [] },
          0,
        )
        const ended = `i${Math.floor(i / 2)}`
        if (end === 'sent') evolve(state, { type: 'intent-sent', reservationId: ended, idempotencyKey: ended }, 0)
        if (end === 'released') evolve(state, { type: 'intent-released', reservationId: ended, reason: '' }, 0)
        const due = [...state.unsent].filter(id => (state.reservations.get(id)?.expiresAt ?? 0) <= nowMs)
        const found = expiredAt(state, nowMs)
        expect([...found].sort()).toEqual(due.sort())
        const times = found.map(id => state.reservations.get(id)?.expiresAt ?? 0)
        expect(times).toEqual([...times].sort((a, b) => a - b))
      }
    }),
    { numRuns: 200 },
  )
})
