import type { ActionMap } from '@org/core'
import { z } from 'zod'

export const boxesSchema = z.strictObject({ boxes: z.number().int().min(1).max(100) })
export const signSchema = z.strictObject({ text: z.string().min(1).max(80) })

/** One action for each way in which a repetition can be kept harmless. */
export const lemonActions = {
  buy: {
    params: boxesSchema,
    // The market lists orders by key, and makes a second one for a second request.
    idempotency: 'lookup',
    reduces: false,
    description: 'buys boxes, of which some may turn out to be rotten',
  },
  sell: {
    params: boxesSchema,
    // The market knows the key, and answers a repetition with the first sale.
    idempotency: 'native',
    reduces: true,
    description: 'sells boxes that we own',
  },
  'paint-sign': {
    params: signSchema,
    idempotency: 'convergent',
    reduces: false,
    description: 'says on the sign of the stall what it sells',
  },
} as const satisfies ActionMap
