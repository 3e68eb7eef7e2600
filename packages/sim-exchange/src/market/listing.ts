import { BoundedList } from '../bounded-list.ts'
import type { Market } from '../matching/market.ts'
import type { Trade } from '../matching/order.ts'
import { CandleSeries } from './candle-series.ts'
import type { Participants } from './participants.ts'
import type { PricePath } from './price-path.ts'

const TRADES_KEPT = 1_000

/** A market as the exchange lists it: book, tape, candles, and who makes prices there. */
export interface Listing {
  readonly market: Market
  readonly participants: Participants | undefined
  readonly path: PricePath
  readonly tape: BoundedList<Trade>
  readonly candles: CandleSeries
  /** Closed for new orders when false. */
  isTrading: boolean
  /** Multiplies the path from now on. */
  shock: number
}

/** A listing in which nothing has happened. */
export function newListing(market: Market, participants: Participants | undefined, path: PricePath): Listing {
  return {
    market,
    participants,
    path,
    tape: new BoundedList(TRADES_KEPT),
    candles: new CandleSeries(),
    isTrading: true,
    shock: 1,
  }
}
