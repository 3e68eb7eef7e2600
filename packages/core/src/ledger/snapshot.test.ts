import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Intent } from '../intent/intent.ts'
import { toMicros } from '../money/micros.ts'
import { emptyLedger, evolve } from './evolve.ts'
import { ledgerFormat, ledgerFromText, ledgerToText } from './snapshot.ts'

function ledgerWithParams(params: unknown) {
  const state = emptyLedger()
  const intent = {
    id: 'i-1',
    strategyId: 's',
    venueId: 'v',
    domain: 'd',
    action: 'a',
    params,
    effects: [{ measure: 'loss', amount: 5 }],
    reduces: false,
    expiresAt: 10,
    rationale: { reason: 'r', summary: 's' },
  } as unknown as Intent
  evolve(
    state,
    {
      type: 'intent-reserved',
      reservationId: 'i-1',
      intent,
      expiresAt: 10,
      amounts: [{ budget: 'x@global', amount: toMicros(5, 'up') }],
      shadowed: [],
    },
    1,
  )
  return state
}

describe('ledger snapshot', () => {
  it('reads back what it wrote', () => {
    const state = ledgerWithParams({ gpu: 'RTX 4090' })
    const copy = ledgerFromText(ledgerToText(state))
    expect(copy).toEqual(state)
    expect(copy.budgets.get('x@global')?.reserved).toBe(5_000_000)
  })

  it('keeps whatever an intent carries, also keys that look like its own marks', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.constantFrom({ $map: 1 }, { $object: { $set: [] } }, {})), params => {
        const text = ledgerToText(ledgerWithParams(params))
        // Negative zero is no JSON.
        const written = JSON.parse(JSON.stringify(params)) as unknown
        expect(ledgerFromText(text).reservations.get('i-1')?.intent.params).toEqual(written)
      }),
    )
  })

  it('keeps a time that is infinite', () => {
    const state = emptyLedger()
    state.lastAtMs = Number.POSITIVE_INFINITY
    expect(ledgerFromText(ledgerToText(state)).lastAtMs).toBe(Number.POSITIVE_INFINITY)
  })

  it('refuses other text with one line', () => {
    for (const text of ['', '{', '[]', '{}', 'null'])
      expect(() => ledgerFromText(text)).toThrow(expect.objectContaining({ code: 'LEDGER_SNAPSHOT_INVALID' }))
  })

  it('names the fields of the state in its format, so that a changed state is not read from an old snapshot', () => {
    expect(ledgerFormat).toContain('reservations')
  })
})
