import { InvalidInputError } from '@org/core'
import { z } from 'zod'
import type { TradingQueries } from '../actions/queries.ts'

const symbol = z.string().min(1)

const querySchemas = {
  ticker: z.strictObject({ symbol }),
  tickers: z.strictObject({ symbols: z.array(symbol).min(1).max(1_000) }),
  'order-book': z.strictObject({ symbol, levels: z.number().int().min(1).max(5_000).optional() }),
  candles: z.strictObject({
    symbol,
    timeframe: z.string().regex(/^\d+[smhdwMy]$/, 'expected ccxt’s way, such as 1m or 1h'),
    since: z.number().int().min(0).optional(),
    limit: z.number().int().min(1).max(5_000).optional(),
  }),
  instrument: z.strictObject({ symbol }),
  balances: z.strictObject({}),
  'open-orders': z.strictObject({ symbol: symbol.optional() }),
  order: z.strictObject({ symbol, clientOrderId: z.string().min(1) }),
  fills: z.strictObject({ symbol, since: z.number().int().min(0).optional() }),
  positions: z.strictObject({ strategyId: z.string().min(1).optional() }),
  results: z.strictObject({ strategyId: z.string().min(1), after: z.number().int().min(0) }),
} satisfies { readonly [Kind in keyof TradingQueries]: z.ZodType }

/** @throws {InvalidInputError} `UNKNOWN_QUERY` with the known ones, `INVALID_QUERY` naming the field. */
export function parseQuery<Kind extends keyof typeof querySchemas>(
  kind: Kind,
  query: unknown,
): z.output<(typeof querySchemas)[Kind]> {
  const schema = Object.hasOwn(querySchemas, kind) ? querySchemas[kind] : undefined
  if (schema === undefined)
    throw new InvalidInputError({
      code: 'UNKNOWN_QUERY',
      message: `no question is named ${JSON.stringify(kind)}; known: ${Object.keys(querySchemas).join(', ')}`,
    })
  const parsed = schema.safeParse(query)
  if (parsed.success) return parsed.data as z.output<(typeof querySchemas)[Kind]>
  const issue = parsed.error.issues[0]
  throw new InvalidInputError({
    code: 'INVALID_QUERY',
    message: `question ${kind}: ${issue?.path.join('.') || 'query'}: ${issue?.message ?? 'not usable'}`,
  })
}
