import type { Intent, Json, Posting, Receipt } from '@org/core'

/**
 * The receipt of an action that costs nothing by itself: it counts as one action, and of every other measure that was reserved nothing
 * was used. What a listing costs while it stands is recorded as it accrues, not here.
 */
export function costlessReceipt(
  intent: Intent,
  at: number,
  venueRef: string,
  details: { readonly [name: string]: Json } = {},
): Receipt {
  const postings: Posting[] = [{ measure: 'count', amount: 1 }]
  for (const { measure } of intent.effects) if (measure !== 'count') postings.push({ measure, amount: 0 })
  return { intentId: intent.id, venueRef, at, postings, details }
}
