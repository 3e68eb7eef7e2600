import { AutomationError, type Intent, type Receipt } from '@org/core'
import type { ReceiptNote } from '../book/account-book.ts'
import type { ExchangeHands } from './hands.ts'

/**
 * The receipt of what the exchange has done, written down before it is given.
 *
 * @throws {AutomationError} `ORDER_NOT_WRITTEN` with `effect: 'done'`: asked again, the same receipt is given.
 */
export async function giveReceipt({ book, venueId }: ExchangeHands, note: ReceiptNote): Promise<Receipt> {
  try {
    return await book.receipt(note)
  } catch (error) {
    throw new AutomationError({
      code: 'ORDER_NOT_WRITTEN',
      message: `${venueId} ${note.symbol}: done at the exchange, but it could not be written down; it is looked up, not sent again`,
      effect: 'done',
      cause: error,
    })
  }
}

/** The receipt that the intent was given before, if any, and written down by now. */
export async function givenReceipt(hands: ExchangeHands, intent: Intent): Promise<Receipt | undefined> {
  const { book } = hands
  if (book.receiptOf(intent.id) === undefined) return undefined
  // Nothing but the id counts for one that is there.
  const { id: intentId, strategyId } = intent
  return giveReceipt(hands, { intentId, strategyId, symbol: intent.asset ?? '', clientOrderId: '', at: 0 })
}
