import { Decimal, type VenueReader } from '@org/core'
import type { Instrument, OrderBook, TradingQueries } from '@org/venue-trading/actions'

/** One of the two venues, as it stands now. */
export interface VenueSide {
  readonly venueId: string
  readonly instrument: Instrument
  readonly book: OrderBook
  /** When the book was true, milliseconds since the epoch. */
  readonly bookAt: number
  readonly freeBase: Decimal
  readonly freeQuote: Decimal
  /** What this strategy holds there; negative: sold out of inventory. */
  readonly held: Decimal
  readonly averagePrice: Decimal
  /** Has this strategy orders there that have not ended? */
  readonly hasOpenOrders: boolean
}

export async function readSide(
  venue: VenueReader<TradingQueries>,
  query: { readonly symbol: string; readonly levels: number; readonly strategyId: string },
): Promise<VenueSide> {
  const { symbol, levels, strategyId } = query
  const { value: instrument } = await venue.observe('instrument', { symbol })
  const { value: positions } = await venue.observe('positions', { strategyId })
  const { value: balances } = await venue.observe('balances', {})
  const { value: orders } = await venue.observe('open-orders', { symbol })
  // Last, so that it is the freshest.
  const book = await venue.observe('order-book', { symbol, levels })
  const position = positions.find(({ symbol: held }) => held === symbol)
  const free = (asset: string) => Decimal.of(balances.find(balance => balance.asset === asset)?.free ?? '0')
  return {
    venueId: venue.id,
    instrument,
    book: book.value,
    bookAt: book.asOf,
    freeBase: free(instrument.baseAsset),
    freeQuote: free(instrument.quoteAsset),
    held: Decimal.of(position?.quantity ?? '0'),
    averagePrice: Decimal.of(position?.averagePrice ?? '0'),
    hasOpenOrders: orders.some(order => order.strategyId === strategyId),
  }
}
