import type { IntentId, Posting, Receipt } from '@org/core'
import type { ReceiptNote } from './account-book.ts'
import type { BookState } from './book-state.ts'
import { bookAt } from './book-state.ts'
import { differencesOf, notionalOf } from './levels.ts'
import type { ReceiptStep } from './steps/receipt-step.ts'

/** Measures that an order reserves: a receipt that did not name one would post it in full. */
const reservedMeasures = ['loss', 'open-loss', 'exposure', 'position'] as const

/** The receipt that an intent gets now. The order counts in the levels from here on. */
export function receiptStep(state: BookState, note: ReceiptNote): ReceiptStep {
  const { intentId, strategyId, symbol, clientOrderId, venueRef, at, details } = note
  const book = bookAt(state, strategyId, symbol)
  const order = state.orders.get(clientOrderId)
  const isOwnOrder = order?.intentId === intentId
  const differences = differencesOf(book, isOwnOrder ? clientOrderId : undefined)
  const missing = reservedMeasures.filter(measure => !differences.some(posting => posting.measure === measure))
  const postings: Posting[] = [...differences, ...missing.map(measure => ({ measure, amount: '0' }))]
  if (isOwnOrder) postings.push({ measure: 'notional', amount: notionalOf(order) })
  // What another order closed is told with the results.
  const closed = isOwnOrder ? book.closed[0] : undefined
  const receipt: Receipt = {
    intentId: intentId as IntentId,
    at,
    postings,
    ...(venueRef === undefined ? {} : { venueRef }),
    ...(closed === undefined ? {} : { closed }),
    ...(details === undefined ? {} : { details }),
  }
  return { type: 'receipt', clientOrderId, strategyId, symbol, receipt }
}
