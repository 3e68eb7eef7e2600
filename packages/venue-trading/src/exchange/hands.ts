import type { Clock, Logger } from '@org/core'
import type { AccountBook } from '../book/account-book.ts'
import type { AssetRates } from './asset-rates.ts'
import { type CcxtClient, timeoutMsMax } from './ccxt-client.ts'
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

/** An order that waits longer than this for its turn, after it was written down, does not leave any more. */
export const leaveMsMax = 10_000

/** The exchange's own window for old requests: ten seconds at most exchanges. */
const windowMsMax = 10_000

/** How long after it was written down an order whose answer was lost may still arrive. */
export const arrivalMsMax = leaveMsMax + timeoutMsMax + windowMsMax
