import type { SubmitResult } from '@org/core'
import type { BudgetModel } from './budget-model.ts'
import type { Require } from './check-grants.ts'
import { at, type Story } from './story.ts'

/** What the judge knows when a strategy is told something. */
export interface Known {
  readonly model: BudgetModel
  readonly require: Require
  readonly stories: ReadonlyMap<string, Story>
  /** How far the ledger's time is ahead of the true time. */
  readonly aheadMs: number
  readonly hasTwins: boolean
  readonly hasStoreRefused: boolean
}

/**
 * May a strategy have been told this?
 *
 * @param mustPass It only reduces risk, and its time was not over by the clock of its process.
 */
export function checkResult(mustPass: boolean, result: SubmitResult, known: Known): void {
  const { model, require, stories, aheadMs, hasTwins, hasStoreRefused } = known
  if (result.status === 'settled') {
    const story = stories.get(result.intentId)
    const isWritten = story?.status === 'settled' || story?.lateRecords === 1
    require(isWritten, 'what was answered is on the disk', () => `${result.intentId}, ${at(story)}`)
  }
  if (!mustPass) return
  if (result.status === 'failed') {
    // A clock that leaps ahead between reserving and sending ends every reservation once, and of two processes with the same strategies
    // one may let go of what the other is about to send. The next scan passes.
    const hasLeapt = aheadMs > (stories.get(result.intentId)?.ledgerErrorMs ?? 0) + 5_000
    const isEnded = result.error.code === 'RESERVATION_ENDED'
    require(!isEnded || hasLeapt || hasTwins, 'what reduces risk passes', () =>
      `${result.intentId}: ${result.error.shortMessage}`)
  }
  if (result.status !== 'rejected') return
  const { code, constraint = '' } = result.rejection
  const isExcused =
    (code === 'LIMIT_EXCEEDED' && model.constraints.get(constraint)?.bindsReducing === true) ||
    (code === 'RISK_CHECK_FAILED' && hasStoreRefused) ||
    code === 'NOT_REDUCING'
  require(isExcused, 'what reduces risk passes', () => `${result.intentId} was refused: ${code}`)
}
