import type { Clock } from '@org/core'
import type { DecimalText } from '../actions/decimal-text.ts'
import type { AccountBook } from '../book/account-book.ts'
import type { AssetRates } from '../exchange/asset-rates.ts'
import type { PaperEvents, PaperExchange } from './paper-exchange.ts'
import type { PaperMarket } from './paper-market.ts'

/** What acting on paper, and finding out what became of it, needs. */
export interface PaperHands {
  readonly venueId: string
  readonly market: PaperMarket
  readonly exchange: PaperExchange
  readonly book: AccountBook
  readonly rates: AssetRates
  readonly clock: Clock
  /** How long an order is under way. */
  readonly latencyMs: number
}

/** Tells the book what the exchange did, once the exchange has written it down: after a crash in between it is told again. */
export async function takeIn(hands: PaperHands, events: PaperEvents): Promise<void> {
  await events.written
  const rates = new Map<string, DecimalText>()
  for (const { feeAsset } of events.fills)
    if (!rates.has(feeAsset)) rates.set(feeAsset, await hands.rates.orNewest(feeAsset, '1'))
  await Promise.all(tell(hands, events, asset => rates.get(asset) ?? '1'))
}

/** All of it is in the book when this returns, and written down when the promises are fulfilled. */
export function tell(
  { book, clock }: PaperHands,
  events: PaperEvents,
  rateOf: (asset: string) => DecimalText,
): readonly Promise<unknown>[] {
  const work: Promise<unknown>[] = []
  for (const fill of events.fills) {
    const rate = rateOf(fill.feeAsset)
    work.push(book.fill(fill, { quote: rate, fee: rate }))
  }
  for (const { clientOrderId, status } of events.orders)
    if (status !== 'open') work.push(book.end(clientOrderId, status, clock.now()))
  return work
}
