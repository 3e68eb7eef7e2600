/** An amount as ccxt gives it with `number = String`: the exchange's own decimal text, or `undefined`. */
type CcxtRows = readonly unknown[]

/**
 * The part of a ccxt exchange that is used here. ccxt's own types say `number` for amounts; with `number = String` they are text both ways, which
 * these types say. What comes back is checked where it is read, so it is `unknown` here.
 */
export interface CcxtExchange {
  readonly id: string
  /** `true`, `'emulated'`, or not there. */
  readonly has: Readonly<Record<string, unknown>>
  urls: { readonly api?: unknown }
  readonly options: Record<string, unknown>
  readonly markets: Readonly<Record<string, unknown>> | undefined
  /** One of ccxt's constants: decimal places, significant digits or tick size. */
  readonly precisionMode: number
  /** Milliseconds per unit of cost. */
  readonly rateLimit: number
  number: (text: string) => unknown
  enableRateLimit: boolean
  timeout: number
  throttle: (cost?: unknown) => Promise<void>
  nonce: () => number
  milliseconds: () => number
  seconds: () => number
  microseconds: () => number
  fetch: (url: string, method?: string, headers?: unknown, body?: unknown) => Promise<unknown>
  /** Its pool of connections, once there was a request. */
  readonly fetchDispatcher?: { close(): Promise<void> } | undefined
  /** Called with every answer before it is read. */
  onRestResponse: (...answer: OnRestResponse) => string
  parseJson: (text: string) => unknown
  /** The client of a WebSocket address. */
  client: (url: string) => CcxtSocket

  setSandboxMode(isOn: boolean): void
  loadMarkets(reload?: boolean): Promise<unknown>
  parseTimeframe(timeframe: string): number
  priceToPrecision(symbol: string, price: string): string

  fetchTime(): Promise<unknown>
  fetchTicker(symbol: string): Promise<unknown>
  fetchTickers(symbols: readonly string[]): Promise<unknown>
  fetchOrderBook(symbol: string, limit?: number): Promise<unknown>
  fetchOHLCV(symbol: string, timeframe: string, since?: number, limit?: number): Promise<CcxtRows>
  fetchTradingFee(symbol: string): Promise<unknown>
  fetchBalance(): Promise<unknown>
  fetchOpenOrders(symbol?: string, since?: number, limit?: number, params?: CcxtParams): Promise<CcxtRows>
  fetchClosedOrders(symbol: string, since?: number, limit?: number): Promise<CcxtRows>
  fetchOrders(symbol: string, since?: number, limit?: number): Promise<CcxtRows>
  fetchOrder(orderId: string, symbol: string, params?: CcxtParams): Promise<unknown>
  fetchMyTrades(symbol: string, since?: number, limit?: number, params?: CcxtParams): Promise<CcxtRows>
  createOrder(
    symbol: string,
    type: 'limit' | 'market',
    side: 'buy' | 'sell',
    amount: string,
    price?: string,
    params?: CcxtParams,
  ): Promise<unknown>
  cancelOrder(orderId: string, symbol: string, params?: CcxtParams): Promise<unknown>

  loadHttpProxyAgent(): Promise<unknown>
  watchBidsAsks(symbols: readonly string[]): Promise<unknown>
  watchTickers(symbols: readonly string[]): Promise<unknown>
  watchTicker(symbol: string): Promise<unknown>
  watchOrderBook(symbol: string, limit?: number): Promise<unknown>
  watchOrders(): Promise<CcxtRows>
  close(): Promise<unknown>
}

/** What ccxt keeps of one WebSocket connection. */
export interface CcxtSocket {
  /** What the next message of a kind will settle. */
  future: (messageHash: string) => Promise<unknown>
  send: (message: unknown) => Promise<unknown>
  onError: (error: unknown) => void
}

export type CcxtParams = Readonly<Record<string, unknown>>

export type OnRestResponse = [
  status: number,
  statusText: string,
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  ...rest: unknown[],
]
