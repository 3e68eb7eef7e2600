import type { Trade } from './trade.ts'

/** What is asked of the broker. `units` or `fraction`, signed: positive buys, negative sells. */
export interface OrderRequest {
  readonly symbol: string
  /** Whose position it opens or closes; positions of two owners do not net. @default '' */
  readonly owner?: string
  readonly units?: number
  /** Share of the buying power, between 0 and 1, instead of `units`. */
  readonly fraction?: number
  readonly limit?: number | undefined
  /** Waits until the price gets there; then it is an order at the market, or at `limit`. */
  readonly stop?: number | undefined
  /** Bracket: where the position that it opens is closed if it goes wrong. */
  readonly stopLoss?: number | undefined
  /** Bracket: where it is closed with a gain. */
  readonly takeProfit?: number | undefined
  /** The stop loss follows the best price of finished bars at this distance, a share of it: 0.05 is 5 %. */
  readonly trailRatio?: number | undefined
  /** Orders of one group cancel each other: the first that is filled ends the rest. */
  readonly group?: string | undefined
  /** May it only take off what its owner holds? Then it never opens a position. @default false */
  readonly reduceOnly?: boolean
  /** Filled at the next chance if `limit` allows, else cancelled. @default false */
  readonly immediateOrCancel?: boolean
  /** What the caller calls it. */
  readonly reference?: string | undefined
}

export type OrderState = 'open' | 'filled' | 'cancelled' | 'rejected'

/** An order in the queue. The broker changes it; others look. */
export interface Order {
  readonly request: OrderRequest
  readonly owner: string
  readonly isBuy: boolean
  /** Signed units; a share of the buying power where `isFraction`. */
  size: number
  isFraction: boolean
  readonly limit: number | undefined
  /** Gone once it was hit. */
  stop: number | undefined
  /** The trade that it closes, for brackets and closes. */
  readonly trade: Trade | undefined
  readonly role: 'entry' | 'close' | 'stop-loss' | 'take-profit'
  state: OrderState
  filledUnits: number
  /** Why it was rejected. */
  reason: string | undefined
}

/** An order as it is placed. */
export function newOrder(request: OrderRequest): Order {
  const size = (request.units ?? request.fraction) as number
  return {
    request,
    owner: request.owner ?? '',
    isBuy: size > 0,
    size,
    isFraction: request.units === undefined,
    limit: request.limit,
    stop: request.stop,
    trade: undefined,
    role: 'entry',
    state: 'open',
    filledUnits: 0,
    reason: undefined,
  }
}

/** An order that closes a trade, or `units` (positive) of it. */
export function closingOrder(
  trade: Trade,
  role: Exclude<Order['role'], 'entry'>,
  options: { readonly units?: number; readonly limit?: number; readonly stop?: number } = {},
): Order {
  const { units = Math.abs(trade.units), limit, stop } = options
  const { symbol, owner } = trade
  return { ...newOrder({ symbol, owner, units: -Math.sign(trade.units) * units, limit, stop }), trade, role }
}
