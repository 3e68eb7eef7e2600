import { candleInterval } from '../wire/rows/candle-row.ts'

/** What a stream tells. Names are as the exchange writes them: `btcusdt@bookTicker`. */
export type StreamKind =
  | { readonly kind: 'trade' }
  | { readonly kind: 'aggregate-trade' }
  | { readonly kind: 'book-ticker' }
  | { readonly kind: 'ticker' }
  | { readonly kind: 'mini-ticker' }
  | { readonly kind: 'depth' }
  | { readonly kind: 'partial-depth'; readonly levels: number }
  | { readonly kind: 'candle'; readonly interval: string }

/** A stream of one market, or of all when `symbol` is absent. */
export type Stream = StreamKind & { readonly symbol: string | undefined }

/** Reads a stream's name; undefined when there is no such stream. */
export function parseStream(name: string): Stream | undefined {
  if (name === '!miniTicker@arr') return { kind: 'mini-ticker', symbol: undefined }
  if (name === '!ticker@arr') return { kind: 'ticker', symbol: undefined }
  const [symbol, what, ...rest] = name.split('@')
  if (symbol === undefined || what === undefined || !/^[a-z0-9]{2,20}$/.test(symbol)) return undefined
  const kind = parseKind(what, rest)
  return kind === undefined ? undefined : { ...kind, symbol: symbol.toUpperCase() }
}

function parseKind(what: string, rest: readonly string[]): StreamKind | undefined {
  const speed = rest[0]
  const isPlain = rest.length === 0
  const hasSpeed = isPlain || (rest.length === 1 && (speed === '100ms' || speed === '1000ms'))
  const levels = /^depth(5|10|20)?$/.exec(what)
  if (levels !== null && hasSpeed)
    return levels[1] === undefined ? { kind: 'depth' } : { kind: 'partial-depth', levels: Number(levels[1]) }
  if (!isPlain) return undefined
  if (what === 'trade') return { kind: 'trade' }
  if (what === 'aggTrade') return { kind: 'aggregate-trade' }
  if (what === 'bookTicker') return { kind: 'book-ticker' }
  if (what === 'ticker') return { kind: 'ticker' }
  if (what === 'miniTicker') return { kind: 'mini-ticker' }
  const interval = /^kline_(\w+)$/.exec(what)?.[1]
  return interval !== undefined && candleInterval(interval) !== undefined ? { kind: 'candle', interval } : undefined
}
