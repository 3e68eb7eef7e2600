import { fromMicros, negateMicros, type OwnResult } from '@org/core'
import { machineAsset } from '@org/venue-vastai/actions'
import { type Account, accrueRent, estimateRent } from './account.ts'

/**
 * Rent of one machine up to now.
 *
 * @param earned What the market's books show, USD, `undefined`: they have no row for it. `estimateAt`, host USD per GPU-hour: the books
 *   cannot be read.
 * @returns the account, and what is to be posted; `undefined` when nothing came. `isRowLost`: the books had a row for it and show none now,
 *   which says nothing of what was earned. Nothing is booked, and the next row makes up for it.
 */
export function bookRent(
  account: Account,
  earned: { readonly booksUsd: number | undefined } | { readonly estimateAt: number },
  context: { readonly venueId: string; readonly machineId: number },
): { readonly account: Account; readonly result: OwnResult | undefined; readonly isRowLost: boolean } {
  const isRead = 'booksUsd' in earned
  const isRowLost = isRead && earned.booksUsd === undefined && (account.booksLast ?? 0) !== 0
  if (isRowLost) return { account, result: undefined, isRowLost }
  const accrued = isRead ? accrueRent(account, earned.booksUsd ?? 0) : estimateRent(account, earned.estimateAt)
  if (accrued.rent === 0) return { account: accrued.account, result: undefined, isRowLost }
  return {
    isRowLost,
    account: accrued.account,
    result: {
      venueId: context.venueId,
      asset: machineAsset(context.machineId),
      postings: [{ measure: 'loss', amount: fromMicros(negateMicros(accrued.rent)) }],
      note: isRead ? 'rent' : 'rent, estimated',
    },
  }
}
