import { fromMicros, negateMicros, type OwnResult } from '@org/core'
import { machineAsset } from '@org/venue-vastai/actions'
import { type Account, accrueRent, estimateRent } from './account.ts'

/**
 * Rent of one machine up to now.
 *
 * @param earned What the market's books show, USD; `estimateAt`, host USD per GPU-hour: the books cannot be read.
 * @returns the account, and what is to be posted; `undefined` when nothing came.
 */
export function bookRent(
  account: Account,
  earned: { readonly booksUsd: number } | { readonly estimateAt: number },
  context: { readonly venueId: string; readonly machineId: number },
): { readonly account: Account; readonly result: OwnResult | undefined } {
  const isRead = 'booksUsd' in earned
  const accrued = isRead ? accrueRent(account, earned.booksUsd) : estimateRent(account, earned.estimateAt)
  if (accrued.rent === 0) return { account: accrued.account, result: undefined }
  return {
    account: accrued.account,
    result: {
      venueId: context.venueId,
      asset: machineAsset(context.machineId),
      postings: [{ measure: 'loss', amount: fromMicros(negateMicros(accrued.rent)) }],
      note: isRead ? 'rent' : 'rent, estimated',
    },
  }
}
