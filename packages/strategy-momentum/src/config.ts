import { parseConfig, strategyConfigSchema } from '@org/core'
import { z } from 'zod'
import { barLengthMs, timeframes } from './bar-length.ts'

const symbol = z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'expected a symbol such as BTC/USDT')

const customParamsSchema = z
  .strictObject({
    /** What is traded, such as `BTC/USDT`. */
    symbols: z.array(symbol).min(1),
    /** Length of a bar, as ccxt writes it. */
    timeframe: z.enum(timeframes).default('1h'),
    /** Bars of the fast and the slow average. */
    fastPeriod: z.int().min(1).max(500).default(12),
    slowPeriod: z.int().min(2).max(1_000).default(26),
    atrPeriod: z.int().min(1).max(500).default(14),
    /** The stop is so many average true ranges away from the close of the bar that gave the signal. */
    stopAtrs: z.number().min(0.1).max(50).default(2),
    /** What one trade may lose, fees included, in the base currency of the budget. */
    riskPerTrade: z.number().positive(),
    /** The largest order, in the base currency. */
    notionalMax: z.number().positive(),
    /** How far from the best price an entry may be filled, as a share of it: 0.001 is 0.1 %. */
    slippageMax: z.number().min(0).max(0.1).default(0.001),
    /** Sell short where the instrument allows it. */
    allowShort: z.boolean().default(false),
    /** The name of a budget, such as `max_daily_loss`: a trade risks at most what it has left. */
    sizeByBudget: z.string().min(1).optional(),
    /** What one unit of the quote asset is worth in the base currency. */
    quoteRate: z.number().positive().default(1),
  })
  .refine(params => params.fastPeriod < params.slowPeriod, {
    error: 'fastPeriod must be less than slowPeriod',
    path: ['fastPeriod'],
  })

/**
 * What the strategy can be told. A trend follower does not know what a trade will bring, so `minExpectedProfit` and `minRoi` are 0 unless they are
 * set: the profit that they are compared with is a yardstick, see the README.
 */
export const momentumConfigSchema = strategyConfigSchema
  .extend({
    minExpectedProfit: strategyConfigSchema.shape.minExpectedProfit.unwrap().default(0),
    minRoi: strategyConfigSchema.shape.minRoi.unwrap().default(0),
    customParams: customParamsSchema,
  })
  .refine(({ scanIntervalMs, customParams }) => scanIntervalMs <= barLengthMs(customParams.timeframe), {
    error: 'must not be longer than a bar of the timeframe, or crosses are missed',
    path: ['scanIntervalMs'],
  })

export type MomentumConfig = z.output<typeof momentumConfigSchema>
export type MomentumParams = MomentumConfig['customParams']

/** @throws InvalidInputError `INVALID_CONFIG`, with every problem and its path. */
export function parseMomentumConfig(input: unknown): MomentumConfig {
  return parseConfig(momentumConfigSchema, input, 'momentum config')
}
