import type { Clock } from '@org/core'
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

/** Tells the book what the exchange did. All of it is in the book before anything is waited for but the rates. */
export async function takeIn({ book, rates, clock }: PaperHands, events: PaperEvents): Promise<void> {
  const work: Promise<unknown>[] = [events.written]
  for (const fill of events.fills) {
    const rate = await rates.orNewest(fill.feeAsset, '1')
    work.push(book.fill(fill, { quote: rate, fee: rate }))
  }
  for (const { clientOrderId, status } of events.orders)
    if (status !== 'open') work.push(book.end(clientOrderId, status, clock.now()))
  await Promise.all(work)
}
