import type { ActionDefinition } from '@org/core'
import { z } from 'zod'
import { positiveDecimalSchema } from './decimal-text.ts'

export const sideSchema = z.enum(['buy', 'sell'])
export type Side = z.output<typeof sideSchema>

/** `GTC` rests until it is cancelled, `IOC` fills what it can at once, `FOK` all at once or nothing. */
export const timeInForceSchema = z.enum(['GTC', 'IOC', 'FOK'])

/**
 * Opens or adds to a position. `price` is the limit; without it the order goes at the market.
 *
 * `stopPrice` is where the position will be closed if it goes wrong: it is not sent with the order, it says how much the order can lose (see
 * `orderEffects`) and is what the book counts the open loss from. A stop order at the exchange is a `close-position` of its own.
 */
export const placeOrderSchema = z
  .strictObject({
    /** Unified, such as `BTC/USDT`. */
    symbol: z.string().min(1),
    side: sideSchema,
    /** In units of the base asset. */
    quantity: positiveDecimalSchema,
    /** In the quote asset per unit of the base asset. */
    price: positiveDecimalSchema.optional(),
    timeInForce: timeInForceSchema.optional(),
    /** Refused by the exchange rather than filled at once as a taker. */
    postOnly: z.boolean().optional(),
    stopPrice: positiveDecimalSchema.optional(),
    /**
     * For an order at the market: the worst price that is accepted, as seen when it was decided; sent as an `IOC` limit. Absent: any price.
     */
    worstPrice: positiveDecimalSchema.optional(),
  })
  .refine(order => !(order.postOnly === true && order.price === undefined), { error: 'postOnly needs a price' })
  .refine(order => order.price === undefined || order.worstPrice === undefined, {
    error: 'an order has a price or a worstPrice, not both',
  })
export type PlaceOrderParams = z.output<typeof placeOrderSchema>

/**
 * Takes off some or all of the position that this strategy holds; refused by the venue where it would go through zero.
 *
 * With `stopPrice` it waits at the exchange and sells (or buys back) once the price gets there; with `price` it rests as a limit.
 */
export const closePositionSchema = z.strictObject({
  symbol: z.string().min(1),
  /** The side of the closing order: `sell` closes a long position. */
  side: sideSchema,
  quantity: positiveDecimalSchema,
  price: positiveDecimalSchema.optional(),
  stopPrice: positiveDecimalSchema.optional(),
  /** Why, for breakers that count stops. @default false */
  isStop: z.boolean().optional(),
})
export type ClosePositionParams = z.output<typeof closePositionSchema>

export const cancelOrderSchema = z.strictObject({
  symbol: z.string().min(1),
  /** The id that the order was sent with, see `clientOrderIdOf`. */
  clientOrderId: z.string().min(1),
})
export type CancelOrderParams = z.output<typeof cancelOrderSchema>

export const placeOrder = {
  params: placeOrderSchema,
  idempotency: 'lookup',
  reduces: false,
  description: 'places an order that opens or adds to a position',
} satisfies ActionDefinition

export const closePosition = {
  params: closePositionSchema,
  idempotency: 'lookup',
  reduces: true,
  description: 'places an order that takes off what this strategy holds, never through zero',
} satisfies ActionDefinition

export const cancelOrder = {
  params: cancelOrderSchema,
  idempotency: 'convergent',
  reduces: true,
  description: 'cancels what is left of an order; what was filled stays',
} satisfies ActionDefinition
