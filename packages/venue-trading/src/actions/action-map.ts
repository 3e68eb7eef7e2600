import type { ActionMap } from '@org/core'
import { cancelOrder, closePosition, placeOrder } from './order-actions.ts'

/** What a trading venue can be asked to do, by the name that intents carry. */
export const tradingActions = {
  'place-order': placeOrder,
  'close-position': closePosition,
  'cancel-order': cancelOrder,
} as const satisfies ActionMap

export type TradingAction = keyof typeof tradingActions
