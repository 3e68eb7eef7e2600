import type { Bar } from '../bars/bar.ts'
import type { Order } from './order.ts'
import type { Trade } from './trade.ts'

/** One symbol as the broker sees it: its last prices, what waits and what is open. The broker changes it; others look. */
export interface Market {
  readonly symbol: string
  /** Number of the bar that was seen last, from 0; -1 before the first. */
  barIndex: number
  /** When the newest bar opened, and the time of whatever is filled at its open. */
  openTime: number
  /** What open positions are worth now. */
  price: number
  /** Close of the bar before. */
  previousClose: number
  previousTime: number
  /** Best prices, where quotes are known. */
  bid: number | undefined
  ask: number | undefined
  /** Of the newest bar; `undefined` where nobody knows. */
  volume: number | undefined
  /** How much of it was taken. */
  volumeTaken: number
  queue: Order[]
  trades: Trade[]
}

export function emptyMarket(symbol: string): Market {
  return {
    symbol,
    barIndex: -1,
    openTime: 0,
    price: Number.NaN,
    previousClose: Number.NaN,
    previousTime: 0,
    bid: undefined,
    ask: undefined,
    volume: undefined,
    volumeTaken: 0,
    queue: [],
    trades: [],
  }
}

/** A quote as a bar: all that a buyer, or a seller, could have got. */
export function quoteBar(openTime: number, price: number): Bar {
  return { openTime, open: price, high: price, low: price, close: price, volume: 0 }
}
