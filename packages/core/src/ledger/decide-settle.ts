import { InvalidInputError } from '../errors/automation-error.ts'
import type { Receipt } from '../intent/receipt.ts'
import type { ExactClosed, ExactPosting, Fact } from '../journal/fact.ts'
import { addMicros, type Micros, zeroMicros } from '../money/micros.ts'
import { attemptsOf } from './apply-postings.ts'
import { eventOf } from './breaker.ts'
import { tripsAfterEvents, tripsAfterPostings } from './decide-trips.ts'
import { isOver, type LedgerState, type OpenReservation } from './ledger-state.ts'
import { accountOf, matchesOf, stakeOf } from './matching-budgets.ts'
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
  nowMs: number,
  outcome: { readonly receipt?: Receipt | undefined; readonly closed?: ExactClosed | undefined } = {},
): { readonly result: SettleResult; readonly facts: readonly Fact[] } {
  const reservation = openReservation(state, reservationId)
  if (reservation === undefined)
    return { result: state.ended.get(reservationId) === 'settled' ? 'settled-before' : 'ended-before', facts: [] }
  const { intent, requested } = reservation
  const complete = completed(postings, requested)
  requireCountable(state, intent, complete, sizeOf(complete) + sizeOf(attemptsOf(reservation)))
  const { receipt, closed } = outcome
  const settled: Fact = {
    type: 'intent-settled',
    reservationId,
    postings: complete,
    ...(closed === undefined ? {} : { closed }),
    ...(receipt === undefined ? {} : { receipt }),
  }
  const facts: Fact[] = [settled]
  if (matchesOf(state, intent).conditions.length > 0) {
    tripsAfterPostings(state, [{ origin: intent, postings: complete }], facts)
    if (closed !== undefined)
      tripsAfterEvents(state, 'closed-positions', [{ origin: intent, event: eventOf(closed) }], nowMs, facts)
    if (reservation.idempotencyKey !== undefined && !reservation.isInDoubt)
      tripsAfterOutcome(state, intent, false, nowMs, facts)
  }
  return { result: 'settled', facts }
}

/** Notes that an outcome was a failure, or not, for the breakers that count them. */
export function tripsAfterOutcome(
  state: LedgerState,
  origin: Origin,
  isAdverse: boolean,
  nowMs: number,
  facts: Fact[],
): void {
  tripsAfterEvents(state, 'outcomes', [{ origin, event: { at: nowMs, ratio: zeroMicros, isAdverse } }], nowMs, facts)
}

/** Every measure that was reserved has a posting. */
function completed(postings: readonly ExactPosting[], requested: readonly ExactPosting[]): readonly ExactPosting[] {
  let complete: ExactPosting[] | undefined
  for (const amount of requested)
    if (!postings.some(({ measure }) => measure === amount.measure)) {
      complete ??= [...postings]
      complete.push(amount)
    }
  return complete ?? postings
}

/** @throws {InvalidInputError} `UNKNOWN_RESERVATION` for an id that never was; `undefined` for one that has ended. */
export function openReservation(state: LedgerState, id: string): OpenReservation | undefined {
  const reservation = state.reservations.get(id)
  if (reservation === undefined && !isOver(state, id))
    throw new InvalidInputError({
      code: 'UNKNOWN_RESERVATION',
      message: `no reservation has the id ${JSON.stringify(id)}`,
    })
  return reservation
}

/**
 * A fact that evolve could not apply must not be written.
 *
 * @param size Of all postings that are booked with these.
 * @throws {InvalidInputError} `AMOUNT_OVERFLOW` when a sum that `postings` go into could not be counted exactly any more.
 */
export function requireCountable(
  state: LedgerState,
  origin: Origin,
  postings: readonly ExactPosting[],
  size = sizeOf(postings),
): void {
  // Whatever the measures, no sum grows by more than all of them together: one bound for all is far from where it would be too strict.
  ensureRoom(state.lossToday.sum, size)
  ensureRoom(state.lossEver, size)
  const { byMeasure } = matchesOf(state, origin)
  for (const { measure } of postings) {
    if (measure === 'exposure') {
      const { domain, venue, asset } = state.exposure
      ensureRoom(domain.get(origin.domain) ?? 0, size)
      ensureRoom(venue.get(origin.venueId) ?? 0, size)
      ensureRoom(asset.get(origin.asset ?? '') ?? 0, size)
      ensureRoom(stakeOf(state, origin)?.exposure ?? 0, size)
    }
    const matches = byMeasure.get(measure)
    if (matches !== undefined) for (const match of matches) ensureRoom(accountOf(state, match)?.sum ?? 0, size)
  }
}

function ensureRoom(sum: number, size: number): void {
  if (Math.abs(sum) + size > Number.MAX_SAFE_INTEGER) addMicros(Math.abs(sum) as Micros, size as Micros)
}

/** How far `postings` could move a sum. */
export function sizeOf(postings: readonly ExactPosting[]): number {
  let size = 0
  for (const { amount } of postings) size += Math.abs(amount)
  return size
}
