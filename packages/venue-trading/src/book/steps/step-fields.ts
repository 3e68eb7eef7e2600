import { Decimal } from '@org/core'
import { z } from 'zod'

/** What stands in steps and snapshots as decimal text, negative numbers too. */
export const decimalText = z.string().refine(text => /^-?\d+(\.\d+)?$/.test(text) && Decimal.of(text) !== undefined, {
  error: 'expected decimal text',
})
export const text = z.string().min(1)
export const time = z.number()
export const side = z.enum(['buy', 'sell'])

export const postingSchema = z.strictObject({ measure: text, amount: decimalText })

export const closedSchema = z.strictObject({
  ratio: decimalText,
  isStop: z.boolean(),
  side: z.enum(['long', 'short']),
  at: time,
})
