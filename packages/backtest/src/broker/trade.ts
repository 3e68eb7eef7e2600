import type { Bar } from '../bars/bar.ts'
import type { Order } from './order.ts'

/** A position, or a part of one that was opened by one fill. */
export interface Trade {
  readonly symbol: string
  readonly owner: string
  /** Signed units that are open. */
  units: number
  readonly entryBar: number
  readonly entryTime: number
  readonly entryPrice: number
  /** Paid at the entry, for the units that are open. */
  entryFee: number
  readonly isEntryMaker: boolean
  /** The bracket's levels as they were set. */
  readonly stopLoss: number | undefined
  readonly takeProfit: number | undefined
  stopOrder: Order | undefined
  targetOrder: Order | undefined
  /** Best price of finished bars since the entry, for a trailing stop. */
  readonly trailRatio: number | undefined
  best: number
}

/** A position (or a part of one) that came to its end. */
export interface ClosedTrade {
  readonly symbol: string
  readonly owner: string
  /** Negative: short. */
  readonly units: number
  /** Bars count from 0. */
  readonly entryBar: number
  readonly exitBar: number
  readonly entryTime: number
  readonly exitTime: number
  /** Fill prices, spread included. */
  readonly entryPrice: number
  readonly exitPrice: number
  readonly stopLoss: number | undefined
  readonly takeProfit: number | undefined
  /** Entry and exit. */
  readonly commission: number
  /** Money after both commissions. */
  readonly profit: number
  /** Gain over what was paid, after both commissions: 0.05 is 5 %. */
  readonly returnRatio: number
  readonly exitReason: 'order' | 'stop-loss' | 'take-profit' | 'netted' | 'liquidation' | 'end'
}

/** Where, when and why something is closed. */
export interface Exit {
  readonly price: number
  readonly bar: number
  readonly time: number
  readonly reason: ClosedTrade['exitReason']
  readonly isMaker: boolean
}

export function closedTrade(
  trade: Trade,
  exit: Omit<Exit, 'isMaker'> & { readonly fee: number },
  money: (value: number) => number,
): ClosedTrade {
  const { units, entryPrice, stopLoss, takeProfit } = trade
  const commission = exit.fee + trade.entryFee
  return {
    symbol: trade.symbol,
    owner: trade.owner,
    units,
    entryBar: trade.entryBar,
    exitBar: exit.bar,
    entryTime: trade.entryTime,
    exitTime: exit.time,
    entryPrice,
    exitPrice: exit.price,
    stopLoss,
    takeProfit,
    commission,
    profit: money(units * (exit.price - entryPrice) - commission),
    returnRatio: Math.sign(units) * (exit.price / entryPrice - 1) - commission / (Math.abs(units) * entryPrice),
    exitReason: exit.reason,
  }
}

/** Where a trailing stop stands by the best price so far. */
export function trailedStop({ units, best, trailRatio = 0 }: Trade): number {
  return units > 0 ? best * (1 - trailRatio) : best * (1 + trailRatio)
}

/** Follows the best price of a finished bar: within a bar nobody knows which came first. */
export function trail(trade: Trade, bar: Bar): void {
  const { stopOrder, trailRatio } = trade
  if (trailRatio === undefined || stopOrder === undefined) return
  const isLong = trade.units > 0
  trade.best = isLong ? Math.max(trade.best, bar.high) : Math.min(trade.best, bar.low)
  const level = trailedStop(trade)
  const now = stopOrder.stop ?? level
  stopOrder.stop = isLong ? Math.max(now, level) : Math.min(now, level)
}
