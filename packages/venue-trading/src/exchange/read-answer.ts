import { Decimal, InvalidInputError } from '@org/core'
import { z } from 'zod'
import { ExchangeError } from './exchange-error.ts'

/** Decimal text without exponent or trailing zeros, from what ccxt calls a number. */
export const amount = z.union([z.string(), z.number()]).transform((value, context) => {
  try {
    return Decimal.of(value).text
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    context.addIssue({ code: 'custom', message: error.shortMessage })
    return z.NEVER
  }
})

/** Absent, `null` and empty are the same to exchanges. */
export const optionalAmount = z.preprocess(
  value => (value === null || value === '' ? undefined : value),
  amount.optional(),
)

/** Milliseconds since the epoch, where the exchange says one. */
export const time = z.preprocess(value => {
  const ms = value === undefined || value === null || value === '' ? undefined : Number(value)
  return ms === undefined || !Number.isFinite(ms) ? undefined : ms
}, z.number().optional())

/** An id, which some exchanges write as a number. */
export const idText = z.union([z.string().min(1), z.number()]).transform(String)

export const optionalText = z.preprocess(
  value => (value === null || value === '' ? undefined : value),
  z.string().optional(),
)

/** @throws {ExchangeError} `MALFORMED_ANSWER` naming the field. */
export function readAnswer<Schema extends z.ZodType>(
  exchange: string,
  what: string,
  schema: Schema,
  answer: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ExchangeError({
    code: 'MALFORMED_ANSWER',
    message: `${exchange}: its ${what} could not be read: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not usable'}; look again`,
    retryable: true,
  })
}
