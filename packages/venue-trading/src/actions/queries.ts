import type {
  Balance,
  Candle,
  Fill,
  Instrument,
  OrderBook,
  OrderView,
  Position,
  Ticker,
  TradingResult,
} from './views.ts'

/** The questions that a trading venue answers. */
export type TradingQueries = {
  ticker: { readonly query: { readonly symbol: string }; readonly result: Ticker }
  /** Several at once; a symbol that nobody quotes is there, without prices. */
  tickers: { readonly query: { readonly symbols: readonly string[] }; readonly result: readonly Ticker[] }
  /** `levels` on each side, default 20. */
  'order-book': {
    readonly query: { readonly symbol: string; readonly levels?: number }
    readonly result: OrderBook
  }
  /** Oldest first, without gaps (`CANDLE_GAP` is thrown instead). `timeframe` as ccxt writes it: `1m`, `1h`. */
  candles: {
    readonly query: {
      readonly symbol: string
      readonly timeframe: string
      readonly since?: number
      readonly limit?: number
    }
    readonly result: readonly Candle[]
  }
  instrument: { readonly query: { readonly symbol: string }; readonly result: Instrument }
  balances: { readonly query: Readonly<Record<never, never>>; readonly result: readonly Balance[] }
  'open-orders': { readonly query: { readonly symbol?: string }; readonly result: readonly OrderView[] }
  order: {
    readonly query: { readonly symbol: string; readonly clientOrderId: string }
    readonly result: OrderView | undefined
  }
  fills: {
    readonly query: { readonly symbol: string; readonly since?: number }
    readonly result: readonly Fill[]
  }
  /** Of one strategy, or of all, `external` inventory included. */
  positions: { readonly query: { readonly strategyId?: string }; readonly result: readonly Position[] }
  /**
   * What happened to the strategy's account after receipts were given: later fills, cancels, marks. Asking first looks at the exchange. Naming
   * `after` says that everything up to it is booked; the venue forgets it.
   */
  results: {
    readonly query: { readonly strategyId: string; readonly after: number }
    readonly result: readonly TradingResult[]
  }
}

/** Prices as they come, for whoever cannot wait for the next scan. */
export interface TickFeed {
  /** `listener` is called for each change of the best prices. Returns the way to stop. */
  subscribe(symbols: readonly string[], listener: (tick: Ticker) => void): () => void
}
