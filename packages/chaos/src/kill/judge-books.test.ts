import type { Fact, Intent, JournalEntry } from '@org/core'
import { emptyLedger, evolve, ledgerToText } from '@org/core'
import { describe, expect, it } from 'vitest'
import { type Books, judgeBooks } from './judge-books.ts'

const origin = { domain: 'd', strategyId: 's', venueId: 'v' }

/** Two rentals of $20 from a budget of $40, one of them given back. */
function soundFacts(): Fact[] {
  return [
    ...['a', 'b'].flatMap((id): Fact[] => [
      reserved(id, 'create-instance', 20),
      sent(id),
      settled(id, id === 'a' ? 1 : 2),
    ]),
    reserved('c', 'destroy-instance', 0),
    sent('c'),
    settled('c', 1),
  ]
}

const soundRentals: Books['rentals'] = {
  created: [
    { key: 'a', instanceId: 1 },
    { key: 'b', instanceId: 2 },
  ],
  aliveIds: [2],
}

function reserved(id: string, action: string, dollars: number): Fact {
  const effects = [{ measure: 'loss', amount: dollars }]
  const intent = { ...origin, id, action, effects, reduces: dollars === 0 } as unknown as Intent
  return { type: 'intent-reserved', reservationId: id, intent, expiresAt: 9, amounts: [], shadowed: [] }
}

function sent(id: string): Fact {
  return { type: 'intent-sent', reservationId: id, idempotencyKey: id }
}

function settled(id: string, instanceId: number): Fact {
  const receipt = { intentId: id, venueRef: String(instanceId), at: 1, postings: [] } as never
  return { type: 'intent-settled', reservationId: id, postings: [], receipt }
}

function released(id: string): Fact {
  return { type: 'intent-released', reservationId: id, reason: 'r' }
}

function judge(facts: readonly Fact[], change: Partial<Books> = {}): string {
  const entries = facts.map((fact, i) => ({ seq: i + 1, at: 1, fact, hash: '' }) satisfies JournalEntry)
  const state = emptyLedger()
  for (const { fact } of entries) evolve(state, fact, 1)
  return judgeBooks({
    entries,
    ledgerText: ledgerToText(state),
    rentals: soundRentals,
    budgetDollars: 40,
    rentalDollars: 20,
    ...change,
  }).join('\n')
}

describe('judgeBooks', () => {
  it('finds nothing where journal, ledger and market agree', () => {
    expect(judge(soundFacts())).toBe('')
  })

  it.each<[string, string, (facts: Fact[]) => Fact[], Partial<Books>]>([
    ['an intent that stays open', 'ended 0 times', facts => facts.slice(0, -1), {}],
    ['an intent that ended twice', 'ended 2 times', facts => [...facts, released('a')], {}],
    ['an intent that was sent twice', 'sent 2 times', facts => facts.toSpliced(2, 0, sent('a')), {}],
    ['an intent that was sent after its end', 'after it had ended', facts => [...facts, sent('b')], {}],
    ['an intent settled but never sent', 'without having been sent', facts => facts.toSpliced(1, 1), {}],
    ['an overspent budget', '$60 of $40', facts => [...facts, reserved('d', 'create-instance', 20), released('d')], {}],
    ['a result without its reservation', 'had ended', facts => [...facts, late('a')], {}],
    ['a refused reduction', 'reduces was refused', facts => [...facts, refused('e')], {}],
    [
      'a rental that was released',
      'b was released, but the market rented',
      facts => facts.toSpliced(5, 1, released('b')),
      {},
    ],
    [
      'a rental made twice',
      'rented 2 times',
      facts => facts,
      { rentals: { ...soundRentals, created: [...soundRentals.created, { key: 'a', instanceId: 3 }] } },
    ],
    [
      'a rental that the journal does not know',
      'does not know',
      facts => facts,
      { rentals: { created: [...soundRentals.created, { key: 'x', instanceId: 3 }], aliveIds: [2, 3] } },
    ],
    [
      'a settled rental that the market does not know',
      'knows nothing of it',
      facts => facts,
      { rentals: { created: soundRentals.created.slice(1), aliveIds: [2] } },
    ],
    [
      'an instance that should be gone',
      'should run',
      facts => facts,
      { rentals: { ...soundRentals, aliveIds: [1, 2] } },
    ],
    ['a budget that was not used', 'pays for 3 rentals', facts => facts, { budgetDollars: 60 }],
    ['a ledger that is not the journal', 'replays to', facts => facts, { ledgerText: ledgerToText(emptyLedger()) }],
  ])('finds %s', (_what, problem, change, books) => {
    expect(judge(change(soundFacts()), books)).toContain(problem)
  })
})

function late(id: string): Fact {
  return { type: 'result-recorded', ...origin, postings: [], note: 'late', intentId: id }
}

function refused(id: string): Fact {
  const intent = { ...origin, id, reduces: true } as unknown as Intent
  return { type: 'intent-rejected', intent, code: 'LIMIT_EXCEEDED', message: 'm' }
}
