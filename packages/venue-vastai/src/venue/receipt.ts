import { fromMicros, type Intent, type Json, negateMicros, type Posting, type Receipt, toMicros } from '@org/core'

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

/**
 * The receipt of an action that ended something: also what it took off the exposure of its venue and asset, which is the `reduction` that
 * the gate has held against the ledger. Without one the exposure stands.
 */
export function endingReceipt(intent: Intent, at: number, venueRef: string): Receipt {
  const receipt = costlessReceipt(intent, at, venueRef)
  if (!intent.reduces || intent.reduction === undefined) return receipt
  const freed: Posting = { measure: 'exposure', amount: fromMicros(negateMicros(toMicros(intent.reduction, 'up'))) }
  return { ...receipt, postings: [...receipt.postings.filter(({ measure }) => measure !== 'exposure'), freed] }
}
