import type { Order } from './order.ts'

/** One execution, as it is told to a {@link BrokerListener}. */
export interface BrokerFill {
  readonly order: Order
  readonly symbol: string
  readonly owner: string
  readonly isBuy: boolean
  readonly units: number
  readonly price: number
  readonly fee: number
  readonly isMaker: boolean
  readonly time: number
}

export interface BrokerListener {
  onFill?(fill: BrokerFill): void
  /** An order came to its end: filled, cancelled, rejected. */
  onEnd?(order: Order): void
}
