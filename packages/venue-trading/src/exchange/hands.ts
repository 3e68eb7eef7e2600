import type { Clock, Logger } from '@org/core'
import type { AccountBook } from '../book/account-book.ts'
import type { AssetRates } from './asset-rates.ts'
import type { CcxtClient } from './ccxt-client.ts'
import type { Instruments } from './instruments.ts'
import type { OrderIds } from './order-ids.ts'

/** What acting at an exchange, and finding out what became of it, needs. */
export interface ExchangeHands {
  readonly venueId: string
  readonly client: CcxtClient
  readonly clock: Clock
  readonly logger: Logger
  readonly book: AccountBook
  readonly rates: AssetRates
  readonly ids: OrderIds
  readonly instruments: Instruments
}

/**
 * How long a request whose answer was lost may still arrive: until the answer's time is over and the exchange's own window for old requests (ten
 * seconds at most exchanges) has passed.
 */
export const arrivalMsMax = 30_000
