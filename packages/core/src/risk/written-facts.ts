import { InvalidInputError } from '../errors/automation-error.ts'
import type { ClosedPosition } from '../intent/closed-position.ts'
import type { Posting } from '../intent/effect.ts'
import type { Intent } from '../intent/intent.ts'
import type { ExactClosed, ExactPosting, Fact } from '../journal/fact.ts'
import type { ReserveRefusal } from '../ledger/decide-reserve.ts'
import { toMicros } from '../money/micros.ts'
import type { RiskRejection } from './rejection.ts'
import type { ResultRecord } from './risk-manager.ts'

/** A refusal, for the journal. */
export function rejectedFact(intent: Intent, { code, shortMessage }: RiskRejection, decision?: ReserveRefusal): Fact {
  return {
    type: 'intent-rejected',
    intent,
    code,
    message: shortMessage,
    ...(decision?.kind === 'limit-exceeded' ? { figures: decision.figures } : {}),
  }
}

/** A result without an intent, for the journal. */
export function recordedFact(
  record: ResultRecord,
  postings: readonly ExactPosting[],
  closed: ExactClosed | undefined,
): Fact {
  const { domain, strategyId, venueId, asset, note, intentId } = record
  return {
    type: 'result-recorded',
    domain,
    strategyId,
    venueId,
    ...(asset === undefined ? {} : { asset }),
    postings,
    note,
    ...(closed === undefined ? {} : { closed }),
    ...(intentId === undefined ? {} : { intentId }),
  }
}

/** @throws {InvalidInputError} `INVALID_AMOUNT`, or `INVALID_TIME` for an `at` that is no time. */
export function exactClosed({ ratio, isStop = false, side, at }: ClosedPosition, nowMs: number): ExactClosed {
  if (at !== undefined && !Number.isFinite(at))
    throw new InvalidInputError({
      code: 'INVALID_TIME',
      message: `closed: at: expected milliseconds since the epoch, was ${String(at)}`,
    })
  return {
    ratio: toMicros(ratio, 'down'),
    isStop,
    ...(side === undefined ? {} : { side }),
    // It cannot have been closed later than it is told of.
    at: Math.min(at ?? nowMs, nowMs),
  }
}

export function exactPostings(postings: readonly Posting[]): ExactPosting[] {
  return postings.map(({ measure, amount }) => ({ measure, amount: toMicros(amount, 'up') }))
}
