import type { Clock } from '@org/core'
import type { AccountBook } from '../book/account-book.ts'
import type { AssetRates } from '../exchange/asset-rates.ts'
import type { PaperDelivery } from './paper-delivery.ts'
import type { PaperExchange } from './paper-exchange.ts'
import type { PaperMarket } from './paper-market.ts'

/** What acting on paper, and finding out what became of it, needs. */
export interface PaperHands {
  readonly venueId: string
  readonly market: PaperMarket
  readonly exchange: PaperExchange
  readonly book: AccountBook
  readonly delivery: PaperDelivery
  readonly rates: AssetRates
  readonly clock: Clock
  /** How long an order is under way. */
  readonly latencyMs: number
}
