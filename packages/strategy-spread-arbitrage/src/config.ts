import { parseConfig, strategyConfigSchema } from '@org/core'
import { z } from 'zod'

const customParamsSchema = z.strictObject({
  /** One asset on both venues, such as `BTC/USDT`. */
  symbol: z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'expected a symbol such as BTC/USDT'),
  /** What must be left after the taker fees of both venues, in hundredths of a per cent of the price: 10 is 0.1 %. */
  netBpsMin: z.number().min(0).default(5),
  /** The largest trade, in the base currency. */
  notionalMax: z.number().positive(),
  /** How far the price may run away while a leg is unwound, as a share of it; what a leg reserves is counted by it. */
  unwindSlippage: z.number().min(0.0001).max(0.5).default(0.005),
  /** Levels of each order book that are looked at. */
  levels: z.int().min(1).max(1_000).default(20),
  /** Books older than this are not traded on, in milliseconds. */
  bookAgeMaxMs: z.int().min(1).default(2_000),
  /** What one unit of the quote asset is worth in the base currency. */
  quoteRate: z.number().positive().default(1),
})

/** What the strategy can be told. `minExpectedProfit` is per trade here, and `minRoi` profit over what the legs reserve. */
export const spreadArbitrageConfigSchema = strategyConfigSchema.extend({
  minRoi: strategyConfigSchema.shape.minRoi.unwrap().default(0),
  customParams: customParamsSchema,
})

export type SpreadArbitrageConfig = z.output<typeof spreadArbitrageConfigSchema>
export type SpreadArbitrageParams = SpreadArbitrageConfig['customParams']

/** @throws InvalidInputError `INVALID_CONFIG`, with every problem and its path. */
export function parseSpreadArbitrageConfig(input: unknown): SpreadArbitrageConfig {
  return parseConfig(spreadArbitrageConfigSchema, input, 'spread arbitrage config')
}
