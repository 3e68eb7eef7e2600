import { InvalidInputError } from '../errors/automation-error.ts'
import type { Receipt } from '../intent/receipt.ts'
import type { ExactPosting, Fact } from '../journal/fact.ts'
import { addMicros, type Micros, zeroMicros } from '../money/micros.ts'
import type { LedgerState, OpenReservation } from './ledger-state.ts'
import { matchingBudgets } from './matching-budgets.ts'
import type { Origin } from './scope.ts'

/**
 * What settling came to. `settled-before` repeats harmlessly; after `ended-before` (released or refused, while the action went on) nothing
 * was posted and the result has to be recorded.
 */
export type SettleResult = 'settled' | 'settled-before' | 'ended-before'

/**
 * Posts what really happened and frees the rest; a reserved measure that `postings` does not name is posted as reserved.
 *
 * @throws {InvalidInputError} `UNKNOWN_RESERVATION`, or `AMOUNT_OVERFLOW`; then nothing changes.
 */
export function decideSettle(
  state: LedgerState,
  reservationId: string,
  postings: readonly ExactPosting[],
  receipt: Receipt | undefined,
): { readonly result: SettleResult; readonly facts: readonly Fact[] } {
  const reservation = openReservation(state, reservationId)
  if (reservation === undefined)
    return { result: state.ended.get(reservationId) === 'settled' ? 'settled-before' : 'ended-before', facts: [] }
  const named = new Set(postings.map(posting => posting.measure))
  const complete = [...postings, ...reservation.requested.filter(requested => !named.has(requested.measure))]
  requireCountable(state, reservation.intent, complete)
  const settled: Fact = { type: 'intent-settled', reservationId, postings: complete }
  return { result: 'settled', facts: [receipt === undefined ? settled : { ...settled, receipt }] }
}

/** @throws {InvalidInputError} `UNKNOWN_RESERVATION` for an id that never was; `undefined` for one that has ended. */
export function openReservation(state: LedgerState, id: string): OpenReservation | undefined {
  const reservation = state.reservations.get(id)
  if (reservation === undefined && !state.ended.has(id))
    throw new InvalidInputError({
      code: 'UNKNOWN_RESERVATION',
      message: `no reservation has the id ${JSON.stringify(id)}`,
    })
  return reservation
}

/**
 * A fact that evolve could not apply must not be written.
 *
 * @throws {InvalidInputError} `AMOUNT_OVERFLOW` when a sum that `postings` go into could not be counted exactly any more.
 */
export function requireCountable(state: LedgerState, origin: Origin, postings: readonly ExactPosting[]): void {
  const sizes = new Map<string, Micros>()
  for (const { measure, amount } of postings)
    sizes.set(measure, addMicros(sizes.get(measure) ?? zeroMicros, magnitude(amount)))
  for (const [measure, size] of sizes) {
    if (measure === 'loss') addMicros(magnitude(state.lossToday.sum), size)
    if (measure === 'exposure')
      for (const [totals, key] of [
        [state.exposure.domain, origin.domain],
        [state.exposure.venue, origin.venueId],
        [state.exposure.asset, origin.asset ?? ''],
      ] as const)
        addMicros(magnitude(totals.get(key) ?? zeroMicros), size)
    for (const { budgetKey } of matchingBudgets(state, measure, origin))
      addMicros(magnitude(state.budgets.get(budgetKey)?.sum ?? zeroMicros), size)
  }
}

function magnitude(amount: Micros): Micros {
  return Math.abs(amount) as Micros
}
