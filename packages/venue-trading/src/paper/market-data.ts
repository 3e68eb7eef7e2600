import type { CallOptions, Observation } from '@org/core'
import type { TickFeed, TradingQueries } from '../actions/queries.ts'

export type MarketQueries = Pick<TradingQueries, 'ticker' | 'tickers' | 'order-book' | 'candles' | 'instrument'>

/**
 * Where a paper venue sees prices: `scriptedMarket`, or the reader of any trading venue. With a feed of ticks, resting orders are filled as
 * prices come; without one, whenever the venue is asked something.
 */
export interface MarketData extends Partial<TickFeed> {
  observe<Kind extends keyof MarketQueries>(
    kind: Kind,
    query: MarketQueries[Kind]['query'],
    options?: CallOptions,
  ): Promise<Observation<MarketQueries[Kind]['result']>>
}
