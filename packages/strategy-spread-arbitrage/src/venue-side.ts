import { Decimal, type VenueReader } from '@org/core'
import type { Instrument, OrderBook, OrderView, TradingQueries } from '@org/venue-trading/actions'

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
  /** What it has made there: realised, and at the last mark; in the base currency, after fees. */
  readonly result: Decimal
  /** Orders of this strategy that have not ended. */
  readonly openOrders: readonly OrderView[]
}

/** @throws AutomationError What the venue throws; `BOOK_CROSSED` among it. */
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
    result: Decimal.of(position?.realised ?? '0').plus(position?.unrealised ?? '0'),
    openOrders: orders.filter(order => order.strategyId === strategyId),
  }
}
