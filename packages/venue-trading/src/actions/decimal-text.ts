import { Decimal, InvalidInputError } from '@org/core'
import { z } from 'zod'

/**
 * A price or quantity as exact decimal text without exponent, such as `'0.015'`. Binary floats never stand between an exchange and us.
 */
export type DecimalText = string

/** Decimal text greater than 0. */
export const positiveDecimalSchema: z.ZodType<DecimalText> = z.string().refine(isPositiveDecimal, {
  error: 'must be decimal text greater than 0, such as "0.015"',
})

function isPositiveDecimal(text: string): boolean {
  if (!/^\d{1,30}(\.\d{1,30})?$/.test(text)) return false
  try {
    return Decimal.of(text).isPositive
  } catch (error) {
    if (error instanceof InvalidInputError) return false
    throw error
  }
}
