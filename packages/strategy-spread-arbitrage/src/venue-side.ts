import { Decimal, type VenueReader } from '@org/core'
import type { Balance, Instrument, OrderBook, OrderView, Position, TradingQueries } from '@org/venue-trading/actions'
import { least } from './order-size.ts'

/** One of the two venues, as it stands now. */
export interface VenueSide {
  readonly venueId: string
  readonly instrument: Instrument
  readonly book: OrderBook
  /** When the book was true, milliseconds since the epoch. */
  readonly bookAt: number
  /** What may be sold: free, and no other strategy's position. */
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
  const { value: positions } = await venue.observe('positions', {})
  const { value: balances } = await venue.observe('balances', {})
  const { value: orders } = await venue.observe('open-orders', { symbol })
  // Last, so that it is the freshest.
  const book = await venue.observe('order-book', { symbol, levels })
  const position = positions.find(held => held.strategyId === strategyId && held.symbol === symbol)
  const balanceOf = (asset: string) => balances.find(balance => balance.asset === asset)
  const others = positions.filter(held => held.strategyId !== strategyId)
  return {
    venueId: venue.id,
    instrument,
    book: book.value,
    bookAt: book.asOf,
    freeBase: ownFree(instrument.baseAsset, balanceOf(instrument.baseAsset), others),
    freeQuote: Decimal.of(balanceOf(instrument.quoteAsset)?.free ?? '0'),
    held: Decimal.of(position?.quantity ?? '0'),
    averagePrice: Decimal.of(position?.averagePrice ?? '0'),
    result: Decimal.of(position?.realised ?? '0').plus(position?.unrealised ?? '0'),
    openOrders: orders.filter(order => order.strategyId === strategyId),
  }
}

/** Several strategies may share an account: what another one has bought is not for us to sell. The inventory, `external`, is there for all. */
function ownFree(asset: string, balance: Balance | undefined, others: readonly Position[]): Decimal {
  const free = Decimal.of(balance?.free ?? '0')
  let own = free.plus(balance?.locked ?? '0')
  for (const { strategyId, symbol, quantity } of others) {
    // A future, `BTC/USDT:USDT`, is no coin on the account.
    const isCoin = symbol.startsWith(`${asset}/`) && !symbol.includes(':')
    if (strategyId !== 'external' && isCoin && Decimal.of(quantity).isPositive) own = own.minus(quantity)
  }
  if (!own.isPositive) return Decimal.of(0)
  return least(own, free)
}
